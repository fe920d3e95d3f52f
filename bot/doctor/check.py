"""What one look at the installation found."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """The bot runs without it, and does less."""

    FAILURE = "failure"
    """The bot cannot do its work."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    """What was looked at."""

    verdict: Verdict

    seen: str
    """What was found, for a person."""

    remedy: str = ""
    """What to do about it; empty when there is nothing to do."""


def ok(name: str, seen: str) -> Check:
    """Return a check with nothing to do."""
    return Check(name, Verdict.OK, seen)


def warning(name: str, seen: str, remedy: str) -> Check:
    """Return a check that costs a feature."""
    return Check(name, Verdict.WARNING, seen, remedy)


def failure(name: str, seen: str, remedy: str) -> Check:
    """Return a check that keeps the bot from working."""
    return Check(name, Verdict.FAILURE, seen, remedy)
