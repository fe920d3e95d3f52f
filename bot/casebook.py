"""Cases and notes about somebody, for who keeps order; and order between Spaces.

A ban is the guild's, not one Space's: it can be made and lifted when none is live, by
those who moderate the guild. Such a case belongs to no Space.
"""

from bot.door import Door
from bot.panel.lines import case_lines
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language, patiently
from bot.rooms.records import keep_case
from bot.rooms.room import Room
from bot.rooms.seeing import is_moderator
from bot.rooms.standing import standing
from moderation.refused import Refused
from moderation.sanction import Action, Sanction
from moderation.store import cases
from moderation.store.cases import CaseRow, NewCase


async def show_history(door: Door, interaction: AnyInteraction, user_id: int) -> None:
    """Answer with a member's cases and notes; who was reported learns nothing of it."""
    guild_id = _guild(door, interaction)
    store = door.rooms.house.store
    rows = await store.read(lambda db: cases.about(db, guild_id, user_id))
    if user_id == interaction.user.id:
        rows = [row for row in rows if row.action != Action.REPORT.value]
    reader = language(interaction)
    await answer(interaction, case_lines(door.wording, reader, rows))


def room_if_any(door: Door, interaction: AnyInteraction) -> Room | None:
    """Return the Space that is meant; None where a moderator acts without one."""
    try:
        return door.room(interaction)
    except Impossible:
        if interaction.guild_id is None or not is_moderator(interaction.user):
            raise
        return None


async def decide(
    door: Door,
    interaction: AnyInteraction,
    action: Action,
    user_id: int,
    reason: str = "",
    until: float | None = None,
) -> None:
    """Open a case of the guild while no Space is live, and confirm it."""
    house, guild_id = door.rooms.house, interaction.guild_id or 0
    now = house.clock.now()
    known = await house.store.read(lambda db: cases.of_guild(db, guild_id))
    if action is Action.UNBAN and not _banned(known, user_id, now):
        raise Refused("case.no_ban", user_id=user_id)
    case = NewCase(
        guild_id=guild_id,
        user_id=user_id,
        action=action.value,
        at=now,
        moderator_id=interaction.user.id,
        reason=reason[:500],
        expires_at=until,
    )
    kept = house.store.write(lambda db: keep_case(db, case))
    await patiently(interaction, kept)
    if action is Action.BAN:
        door.rooms.ban(guild_id, Sanction(user_id, Action.BAN, until))
    elif action is Action.UNBAN:
        door.rooms.unban(guild_id, user_id)
    await door.say(interaction, f"case.guild_{action.value}", user_id=user_id)


def _guild(door: Door, interaction: AnyInteraction) -> int:
    """Return the guild whose cases may be read; refuse who may not read them."""
    room = room_if_any(door, interaction)
    moderates = is_moderator(interaction.user)
    if not moderates and (room is None or interaction.user.id not in room.staff()):
        raise Impossible("not_staff")
    return room.guild_id if room is not None else interaction.guild_id or 0


def _banned(known: list[CaseRow], user_id: int, now: float) -> bool:
    recalled = standing(known, now)
    return recalled is not None and any(
        one.user_id == user_id and one.action is Action.BAN
        for one in recalled.sanctions
    )
