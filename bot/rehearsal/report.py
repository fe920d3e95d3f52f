"""The report of a rehearsal: for a person on the console, for programs as JSON."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.afterwards.exports import Kept
from bot.rehearsal.expectation import SpaceTruth
from bot.rehearsal.rehearsal import Played, Staged
from bot.rehearsal.view import clock

FILE = "report.json"


def talktime_errors(played: Played) -> dict[str, float]:
    """Return each speaker's relative error against the script, by Space and name."""
    return {
        f"{name}/{who}": abs(seen.talk_s.get(who, 0.0) - seconds) / seconds
        for name, seen in played.outcome.spaces.items()
        for who, seconds in played.outcome.truth[name].talk_s.items()
        if seconds > 0 and who in heard(played, name)
    }


def heard(played: Played, space: str) -> set[str]:
    """Return who was allowed to be decoded in a Space: they have a voice in it."""
    return set(played.outcome.spaces[space].talk_s)


def document(staged: Staged, played: Played) -> dict[str, Any]:
    """Return the report for programs."""
    return {
        "scenario": staged.scenario.title,
        "passed": not played.unmet,
        "unmet": [str(one) for one in played.unmet],
        "failures": list(played.failures),
        "wall_s": round(played.wall_s, 1),
        "scripted_s": staged.scenario.lasts,
        "words_expected": staged.words,
        "talktime_errors": {
            who: round(error, 4) for who, error in talktime_errors(played).items()
        },
        "spaces": {
            name: {"topic": kept.space.topic, "folder": kept.space.folder}
            for name, kept in played.spaces
        },
    }


def show(staged: Staged, played: Played, console: Console) -> None:
    """Print the report: each Space, what was expected, where everything is."""
    for name, kept in played.spaces:
        console.print()
        console.rule(Text(f"{name}: {kept.space.topic}"), align="left")
        _talk(played.outcome.truth[name], kept, console)
        _said(kept, console)
        for nudge in played.outcome.spaces[name].nudges:
            about = f" ({nudge.who})" if nudge.who else ""
            told = f"  nudge at {clock(nudge.at)}: {nudge.kind.replace('_', ' ')}"
            console.print(Text(f"{told}{about}"))
        for label, path in files(kept):
            console.print(Text(f"  {label:<22}{_short(path)}"), soft_wrap=True)
    console.print()
    console.print(Text(f"database {_short(staged.out / 'tertulia.db')}"))
    if not staged.words:
        console.print(
            "Real recordings, and a speech model that does not know them: words, and "
            "what follows from words, are not expected."
        )
    for failure in played.failures:
        console.print(Text(f"a member could not: {failure}", "yellow"))
    for unmet in played.unmet:
        console.print(Text(str(unmet), "red"))
    expected = len(staged.scenario.expect)
    verdict = (
        Text(f"Everything expected happened ({expected} expectations).", "bold green")
        if not played.unmet
        else Text(f"{len(played.unmet)} of {expected} were not met.", "bold red")
    )
    console.print(verdict, f"{played.wall_s:.0f} s.")


def files(kept: Kept) -> Iterator[tuple[str, Path]]:
    """Yield what a Space left on disk, with what each file is."""
    for track in kept.tracks:
        if track.user_id is not None:
            yield f"track of {kept.name(track.user_id)}", Path(track.path)
    if kept.space.folder is None:
        return
    folder = Path(kept.space.folder)
    for label, name in (
        ("all voices", "mix.ogg"),
        ("transcript", "transcript.vtt"),
        ("", "transcript.json"),
        ("talk time", "talktime.rttm"),
        ("", "talktime.json"),
        ("journal", "journal.jsonl"),
    ):
        if (folder / name).is_file():
            yield label, folder / name


def _talk(truth: SpaceTruth, kept: Kept, console: Console) -> None:
    scripted: Mapping[str, float] = truth.talk_s
    table = Table("speaker", box=None)
    for figure in ("seconds", "scripted", "share", "turns"):
        table.add_column(figure, justify="right")
    table.add_column("kept of them")
    for one in kept.talk.speakers:
        who = kept.name(one.user_id)
        said = f"{scripted[who]:.1f}" if who in scripted else "–"
        table.add_row(
            Text(who),
            f"{one.seconds:.1f}",
            said,
            f"{one.share:.0%}",
            str(len(one.turns)),
            _consented(kept, one.user_id),
        )
    console.print(table)


def _consented(kept: Kept, user_id: int) -> str:
    """Return what there is of somebody: what they allowed, unless something failed."""
    sound = any(track.user_id == user_id for track in kept.tracks)
    words = any(line.user_id == user_id for line in kept.lines)
    return {
        (True, True): "sound and words",
        (True, False): "sound",
        (False, True): "words only",
        (False, False): "nothing but how long",
    }[sound, words]


def _said(kept: Kept, console: Console) -> None:
    for row in kept.lines:
        line = Text.assemble(
            (f"  {clock(row.start):>5}  ", "dim"),
            (f"{kept.name(row.user_id)}: ", "cyan"),
            row.text,
        )
        console.print(line)


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
