"""What an organiser may want different about plans and reminders."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchedulerSettings:
    """How far ahead, how long, and what happens to late messages."""

    days_ahead: int = 14
    """How many days ahead a Space may be planned."""

    minutes: int = 60
    """Planned length of a Space whose host does not say."""

    offsets_min: tuple[float, ...] = (60.0, 10.0)
    """Minutes before the start at which those who asked are reminded."""

    choices_min: tuple[float, ...] = (1440.0, 180.0, 60.0, 30.0, 10.0)
    """Minutes before the start that members choose their reminders from."""

    reminder_thread: bool = False
    """Whether reminders go to a thread of the plan's card, where a guild did not
    choose."""

    host_offsets_min: tuple[float, ...] = (30.0, 0.0)
    """Minutes before the start at which the host is reminded."""

    late_s: float = 60.0
    """Seconds after its time within which a message still counts as on time."""

    after_start_s: float = 600.0
    """Seconds after the start in which a late reminder still goes out, saying how
    long ago it started; later it is dropped."""

    wait_for_host_s: float = 900.0
    """Seconds after the start that a plan waits for its host before it is missed; for
    one that opens by itself its host may choose another time."""

    auto_start: bool = False
    """Planned Spaces open by themselves where their host does not say otherwise."""

    absent: str = "cancel"
    """What becomes of such a Space without its host: cancel, hand_over or cohost;
    without a co-host in the plan it is cancel."""

    look_s: float = 30.0
    """Seconds between two looks at the wall clock, in case it jumped."""
