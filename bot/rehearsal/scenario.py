"""What a rehearsal plays: people, Spaces, timed steps, faults, expectations.

A scenario is a TOML file; ``scenarios/README.md`` describes the format for whoever
writes one. Here it is frozen values.

Rule 1: a file is checked whole: a line per problem with file, key, what is allowed.
Rule 2: a step does exactly one thing. Times are seconds since its Space's beginning.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from bot.errors import UsageError
from bot.rehearsal.expectation import Expectation
from bot.rehearsal.sfu.faults import Faults

_STRICT = ConfigDict(extra="forbid")

Language = Literal["en", "es"]
Seconds = Annotated[float, Field(ge=0)]
Value = str | int | float | bool
"""An option of a command; ``@Name`` stands for a member."""

FOLDER = Path(__file__).parent / "scenarios"
DEFAULT = FOLDER / "default.toml"

DEEDS = (
    "join",
    "leave",
    "say",
    "command",
    "press",
    "type",
    "fill",
    "raise_hand",
    "accept",
)
"""Keys of a step, exactly one of which says what is done."""


class ScenarioError(UsageError):
    """A scenario that cannot be played; each line names a problem and the way out."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Voice:
    """How a member sounds when its lines are synthesised."""

    name: str
    """An espeak-ng voice, e.g. ``en-us+f2``."""
    speed: Annotated[int, Field(ge=80, le=300)] = 160
    """Words per minute."""
    pitch: Annotated[int, Field(ge=0, le=99)] = 50


@dataclass(frozen=True, slots=True, config=_STRICT)
class Member:
    """One person of the guild."""

    name: str
    language: Language
    voice: Voice
    roles: tuple[str, ...] = ()
    """Roles of the guild that the member has."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Step:
    """One thing that one member does at one moment."""

    at: Seconds
    who: str
    join: bool | None = None
    """Join the Space's channel."""
    leave: bool | None = None
    """Leave it."""
    say: tuple[str, ...] | None = None
    """Lines, one after another with short pauses."""
    heard: bool = True
    """Whether what is said shall be heard; False for somebody without the floor."""
    command: str | None = None
    """A slash command, e.g. ``space start``."""
    options: Mapping[str, Value] = field(default_factory=dict)
    """Of that command."""
    press: str | None = None
    """The bot's newest button with this verb, or ``verb:argument``."""
    type: str | None = None
    """A chat message; ``{bot}`` mentions the bot."""
    fill: Mapping[str, str] | None = None
    """Fields of the modal that the member's last command or button opened."""
    raise_hand: bool | None = None
    """Discord's own *request to speak* on a stage."""
    accept: bool | None = None
    """Discord's own invitation to speak on a stage."""

    @property
    def deed(self) -> str:
        """What is done: the one key of ``DEEDS`` that is given."""
        return next(name for name in DEEDS if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True, config=_STRICT)
class SpaceScript:
    """One Space: where, for how long, and what happens in it."""

    name: str
    room: Literal["stage", "voice"]
    lasts: Annotated[float, Field(gt=0, le=600)]
    """Seconds until the next Space of the scenario begins."""
    do: tuple[Step, ...]
    language: Language = "en"


@dataclass(frozen=True, slots=True, config=_STRICT)
class Scenario:
    """A whole rehearsal: Spaces played one after another."""

    title: str
    members: tuple[Member, ...]
    spaces: tuple[SpaceScript, ...]
    network: Faults = field(default_factory=Faults)
    """On every channel."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Tables that stand instead of those of ``config.toml``."""
    expect: tuple[Expectation, ...] = ()

    @property
    def lasts(self) -> float:
        """Seconds of the whole rehearsal."""
        return sum(space.lasts for space in self.spaces)

    def member(self, name: str) -> Member:
        """Return a member by name."""
        return next(member for member in self.members if member.name == name)

    def starts(self) -> Iterator[tuple[float, SpaceScript]]:
        """Yield each Space with the second of the rehearsal at which it begins."""
        begin = 0.0
        for space in self.spaces:
            yield begin, space
            begin += space.lasts


def load(path: Path | None = None) -> Scenario:
    """Read a scenario file, or the default one.

    Raises:
        ScenarioError: with a line for every problem.

    """
    path = find(path)
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not TOML: {error}") from None
    return parse(document, where=str(path))


def find(path: Path | None) -> Path:
    """Return the file that is meant: a path, or the name of one that is shipped."""
    if path is None:
        return DEFAULT
    shipped = FOLDER / f"{path}.toml"
    if path.is_file() or not shipped.is_file():
        if not path.is_file():
            names = ", ".join(sorted(one.stem for one in FOLDER.glob("*.toml")))
            raise ScenarioError(
                f"{path}: no such scenario; give a file, or one of: {names}"
            )
        return path
    return shipped


def parse(document: Mapping[str, Any], *, where: str = "scenario") -> Scenario:
    """Check a parsed document.

    Raises:
        ScenarioError: with a line for every problem.

    """
    try:
        scenario = _ADAPTER.validate_python(document)
    except pydantic.ValidationError as error:
        lines = dict.fromkeys(_line(problem) for problem in error.errors())
        raise ScenarioError("\n".join(f"{where}: {line}" for line in lines)) from None
    problems = list(_problems(scenario))
    if problems:
        raise ScenarioError("\n".join(f"{where}: {line}" for line in problems))
    return scenario


def _line(problem: Any) -> str:
    """Word one of pydantic's problems: key, what was found, what is allowed."""
    key = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]
    ).lstrip(".")
    match problem["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            allowed = ", ".join(_siblings(problem["loc"]))
            return f"{key}: unknown key; allowed here: {allowed}"
        case "missing" | "missing_argument":
            return f"{key}: is missing"
        case _:
            said = problem["msg"][:1].lower() + problem["msg"][1:]
            return f"{key} = {problem['input']!r}: {said}"


_TABLES: Mapping[str, Any] = {
    "members": Member,
    "voice": Voice,
    "spaces": SpaceScript,
    "do": Step,
    "network": Faults,
    "expect": Expectation,
}


def _siblings(location: tuple[Any, ...]) -> list[str]:
    """Return the keys that a table may hold, given the way to one of its keys."""
    names = [part for part in location[:-1] if isinstance(part, str)]
    table = _TABLES.get(names[-1], Scenario) if names else Scenario
    return list(table.__dataclass_fields__)


def _problems(scenario: Scenario) -> Iterator[str]:
    """Find what no single key can say: names that nobody has, steps without a deed."""
    names = {member.name for member in scenario.members}
    spaces = {space.name for space in scenario.spaces}
    known = f"members are {', '.join(sorted(names))}"
    for number, space in enumerate(scenario.spaces):
        for index, step in enumerate(space.do):
            key = f"spaces[{number}].do[{index}]"
            given = [name for name in DEEDS if getattr(step, name) is not None]
            if len(given) != 1:
                yield f"{key}: needs exactly one of {', '.join(DEEDS)}; has {given}"
            if step.who not in names:
                yield f"{key}.who = {step.who!r}: no such member; {known}"
            if step.at > space.lasts:
                yield f"{key}.at = {step.at}: the Space lasts {space.lasts:g} s"
    for number, expected in enumerate(scenario.expect):
        key = f"expect[{number}]"
        if expected.who is not None and expected.who not in names:
            yield f"{key}.who = {expected.who!r}: no such member; {known}"
        if expected.space is not None and expected.space not in spaces:
            allowed = ", ".join(sorted(spaces))
            yield f"{key}.space = {expected.space!r}: Spaces are {allowed}"
        for problem in expected.problems():
            yield f"{key}: {problem}"


_ADAPTER = TypeAdapter(Scenario)
