"""How far an analysis is: bars on a terminal, plain lines otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn

from bot.analyze.hearing import OnTrack


@contextmanager
def progress(console: Console, tracks: int) -> Iterator[OnTrack]:
    """Show every track's seconds and talk while the block runs."""
    if console.is_terminal:
        with _bars(console, tracks) as on_track:
            yield on_track
    else:
        shown: dict[str, tuple[float, float]] = {}
        yield lambda name, heard, talk: shown.__setitem__(name, (heard, talk))
        for number, (name, (heard, talk)) in enumerate(shown.items(), 1):
            # Names come from files and archives: no markup, no styles.
            console.print(
                f"{number}/{tracks} {name}: {heard:.0f} s, {talk:.1f} s of talk",
                markup=False,
                highlight=False,
            )


@contextmanager
def _bars(console: Console, tracks: int) -> Iterator[OnTrack]:
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.fields[number]}/" + str(tracks)),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[heard]:.0f} s, {task.fields[talk]:.1f} s of talk"),
    )
    with Progress(*columns, console=console) as bars:
        rows: dict[str, TaskID] = {}

        def on_track(name: str, heard: float, talk: float) -> None:
            if name not in rows:
                for earlier in rows.values():
                    bars.update(earlier, completed=1)
                number = len(rows) + 1
                rows[name] = bars.add_task(
                    name, total=1, number=number, heard=0.0, talk=0.0
                )
            bars.update(rows[name], heard=heard, talk=talk)

        yield on_track
