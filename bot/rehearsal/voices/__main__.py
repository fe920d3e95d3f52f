"""``python -m bot.rehearsal.voices``: make the recordings of the shipped scenarios."""

import sys

from bot.rehearsal.scenario import FOLDER, load
from bot.rehearsal.voices.synthesis import SHIPPED, ship

if __name__ == "__main__":
    made = ship(load(path) for path in sorted(FOLDER.glob("*.toml")))
    size = sum(path.stat().st_size for path in SHIPPED.iterdir())
    sys.stdout.write(f"{made} recordings made, {size / 1e6:.2f} MB in {SHIPPED}\n")
