"""``make eval``: how right it is, beside its baselines."""

from tests.figures import command

if __name__ == "__main__":  # a process that is started for a fold reads this too
    command("tests.evaluation", "build/eval.json")()
