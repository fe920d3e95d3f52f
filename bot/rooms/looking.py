"""One look at a room, put together from its parts."""

from collections.abc import Iterable, Mapping

from bot.rooms.observation import NudgeSeen, RoomView
from bot.rooms.trouble import Trouble
from bot.talk.ears import Ears
from bot.talk.talk import Talk
from bot.talk.unheard import ids
from media.whisper.status import TranscriberStatus
from moderation.view import SpaceView


def look(
    space: SpaceView,
    now: float,
    talk: Talk,
    ears: Ears,
    *,
    names: Mapping[int, str],
    nudges: Iterable[NudgeSeen],
    recogniser: TranscriberStatus | None,
    captions_thread: int | None,
    trouble: Trouble,
) -> RoomView:
    """Return what can be seen of a room at ``now`` (Unix seconds)."""
    conversation = talk.conversation
    readings = conversation.readings
    return RoomView(
        space=space,
        now=now,
        names=dict(names),
        shares=talk.shares(),
        lines=talk.lines(),
        nudges=tuple(nudges),
        drift_state=conversation.drift.state.value,
        drift_score=readings[-1].score if readings else None,
        unheard=ids(ears),
        hearing=ears.snapshot() is not None,
        transcriber=recogniser,
        missed_s=talk.missed_s,
        captions_thread=captions_thread,
        trouble=trouble,
    )
