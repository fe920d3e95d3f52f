"""``make eval``: how right it is, beside its baselines."""

from tests.figures import command

command("tests.evaluation", "build/eval.json")()
