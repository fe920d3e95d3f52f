"""Whose stage an event would close.

Discord closes whatever stage is open in the channel of an event that is completed, also
one that another Space goes on with. Such an event waits: closing that stage completes
it, and where it did not, the next look does.
"""

from bot.planning.mirror import Seen, Status, Turn
from moderation.store import spaces
from moderation.store.database import Store


async def closes_another(store: Store, todo: object, seen: Seen | None) -> bool:
    """Say whether a step would close the stage of a Space that goes on.

    For events of what is over: its own Space ended in one write with it, so any that
    is live in the channel is another.
    """
    if todo != Turn(Status.COMPLETED) or seen is None or seen.shape.kind != "stage":
        return False
    channel_id = seen.shape.channel_id
    return bool(await store.read(lambda db: spaces.live_in(db, channel_id)))
