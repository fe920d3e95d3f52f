"""The rehearsal in a terminal: stage, queue, talk time, transcript and nudges, live.

Pure: a ``RoomView`` in, something that rich can draw out. What members said and call
themselves is drawn as plain text, never as markup.
"""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.rooms.observation import RoomView
from moderation.roles import Role
from moderation.view import HandView, Keeping, Phase, SeatView

BAR = 20
"""Cells of a full talk-time bar."""

LINES, NUDGES = 8, 4
"""How many of the newest are shown."""

MARK = {
    Role.HOST: ("★", "bold yellow"),
    Role.COHOST: ("☆", "yellow"),
    Role.SPEAKER: ("●", "cyan"),
    Role.LISTENER: ("○", "dim"),
}


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def draw(view: RoomView) -> RenderableType:
    """Draw one room."""
    upper = Table.grid(expand=True, padding=(0, 1))
    upper.add_column(ratio=3)
    upper.add_column(ratio=2)
    upper.add_row(_stage(view), _queue(view))
    lower = Table.grid(expand=True, padding=(0, 1))
    lower.add_column(ratio=3)
    lower.add_column(ratio=2)
    lower.add_row(_transcript(view), _nudges(view))
    return Panel(Group(_status(view), upper, lower), title=_title(view), padding=(0, 1))


def _title(view: RoomView) -> Text:
    space = view.space
    return Text.assemble(
        (f" {space.kind.value} ", "reverse"),
        (f" {space.topic} ", "bold"),
        (clock(view.now - space.opened_at) + " ", "dim"),
    )


def _status(view: RoomView) -> Text:
    space = view.space
    text = Text()
    if space.phase is not Phase.LIVE:
        text.append(f"{space.phase.value}  ", "bold")
    if space.recording is Keeping.ON:
        text.append("● recording  ", "bold red")
    text.append(f"{space.present} present  ")
    text.append(f"floor {len(space.stage)}/{space.settings.cap}  ")
    consents = ", ".join(
        f"{count} {level.name.lower()}" for level, count in space.consents.items()
    )
    text.append(f"consent: {consents or 'nobody yet'}  ", "dim")
    if view.drift_score is not None:
        drifting = view.drift_state == "drifting"
        text.append(
            f"{view.drift_state.replace('_', ' ')} {view.drift_score:.2f}  ",
            "bold magenta" if drifting else "green",
        )
    if view.unheard:
        names = ", ".join(view.name(user) for user in view.unheard)
        text.append(f"cannot hear {names}  ", "bold red")
    if not view.hearing:
        text.append("no sound  ", "bold red")
    if view.transcriber is not None:
        status = view.transcriber
        text.append(f"transcript: {status.mode.name.lower().replace('_', ' ')}", "dim")
        if status.queued:
            text.append(f", {status.lag_s:.0f} s behind", "dim")
    return text


def _stage(view: RoomView) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    shares = {one.user_id: one for one in view.shares}
    for seat in view.space.stage:
        talk = shares.get(seat.user_id)
        share = talk.share if talk else 0.0
        table.add_row(
            *_seat(view, seat),
            _bar(share),
            Text(clock(talk.seconds if talk else 0.0), "dim"),
            Text(_turn(view, seat), "yellow" if seat.over_time else "dim"),
        )
    return Panel(table, title="stage", title_align="left", border_style="dim")


def _seat(view: RoomView, seat: SeatView) -> Iterator[Text]:
    mark, style = MARK[seat.role]
    yield Text(mark, style)
    if seat.speaking:
        style = "bold green"
    elif not seat.present:
        style = "dim strike"
    yield Text(view.name(seat.user_id), style)


def _bar(share: float) -> Text:
    full = round(share * BAR)
    return Text.assemble(
        ("━" * full, "green"), ("╌" * (BAR - full), "dim"), f" {share:4.0%}"
    )


def _turn(view: RoomView, seat: SeatView) -> str:
    if seat.ends_at is None:
        return ""
    left = seat.ends_at - view.now
    return f"{clock(left)} left" if left >= 0 else f"{clock(-left)} over"


def _queue(view: RoomView) -> RenderableType:
    rows: Sequence[HandView] = view.space.queue
    table = Table.grid(padding=(0, 1))
    for one in view.space.invited:
        table.add_row("→", Text(view.name(one.user_id), "bold"), Text("invited"))
    for hand in rows:
        table.add_row(
            f"{hand.position}.",
            Text(view.name(hand.user_id)),
            Text(f"{hand.kind.value}, ~{clock(hand.wait_s)}", "dim"),
        )
    if not rows and not view.space.invited:
        table.add_row(Text("nobody waits", "dim"))
    return Panel(table, title="queue", title_align="left", border_style="dim")


def _transcript(view: RoomView) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", justify="right")
    for line in view.lines[-LINES:]:
        table.add_row(
            clock(line.at),
            Text(view.name(line.user_id), "cyan"),
            Text(line.text, "" if line.certain else "dim italic"),
        )
    if not view.lines:
        table.add_row(Text("nothing yet", "dim"))
    return Panel(table, title="transcript", title_align="left", border_style="dim")


def _nudges(view: RoomView) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", justify="right")
    for nudge in view.nudges[-NUDGES:]:
        table.add_row(clock(nudge.at), Text(view.spelled(nudge.text), "magenta"))
    if not view.nudges:
        table.add_row(Text("none", "dim"))
    return Panel(table, title="nudges", title_align="left", border_style="dim")
