"""``make bench``: speed and memory, beside their baselines."""

from tests.figures import command

if __name__ == "__main__":  # a process that is started for a baseline reads this too
    command("tests.benchmarks", "build/bench.json")()
