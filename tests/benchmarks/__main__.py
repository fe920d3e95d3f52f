"""``make bench``: speed and memory, beside their baselines."""

from tests.figures import command

command("tests.benchmarks", "build/bench.json")()
