"""The consent round: what people are asked, and what they answered, on record.

The text that was shown has a version; an answer counts for that version only. The
number of days for which a voice is kept is part of it: whoever agreed to be recorded is
asked again where it would be kept longer than they were told, and not where it goes
sooner. What is given is written to the ledger first and told to the Space after, so
that nothing is ever decoded without a row that allows it.
"""

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.replies import AnyInteraction, answer, language
from bot.rooms.room import Room
from bot.texts.wording import Wording
from media.consent import Consent
from moderation.events import ConsentGiven
from moderation.store import consents
from moderation.store.consents import ConsentRow

VERSION = "1"
"""Of the text ``consent.text``; raise it whenever its meaning changes."""

UNNAMED_DAYS = 30.0
"""Days that texts named before their version said so: what was set where nobody chose
otherwise."""

LEVELS = (Consent.AUDIO, Consent.TRANSCRIPT, Consent.NOTHING)


async def ask(interaction: AnyInteraction, room: Room, wording: Wording) -> None:
    """Show one member the text and the three choices."""
    reader = language(interaction)
    buttons = [
        SpaceButton(
            Press("level", room.space_id, str(int(level))),
            wording.say(reader, f"button.level_{level.name.lower()}"),
        )
        for level in LEVELS
    ]
    text = wording.say(reader, "consent.text", {"days": f"{days_of(room):g}"})
    await answer(interaction, text, row(*buttons))


async def give(
    interaction: AnyInteraction, room: Room, level: Consent, source: str
) -> None:
    """Write a member's choice to the ledger, tell the Space, and confirm it."""
    user_id = interaction.user.id
    given = ConsentRow(
        guild_id=room.guild_id,
        user_id=user_id,
        level=int(level),
        text_version=version_of(days_of(room)),
        source=source,
        at=room.house.clock.now(),
    )
    await room.house.store.write(lambda db: consents.record(db, given))
    event = ConsentGiven(user_id, level, given.text_version)
    await room.tell(event, shown_to=user_id)
    text = room.say(f"consent.{level.name.lower()}", None, language(interaction))
    await answer(interaction, text)


async def recall(room: Room) -> None:
    """Tell the Space what members of the guild allowed before, under this text."""
    days = days_of(room)
    known = await room.house.store.read(
        lambda db: consents.current(
            db,
            room.guild_id,
            room.space_id,
            lambda level, version: covers(level, version, days),
        )
    )
    for user_id, (level, version) in known.items():
        if user_id in room.venue.states():
            room.notice(ConsentGiven(user_id, Consent(level), version))


def days_of(room: Room) -> float:
    """Return for how many days voices of this Space are kept after it."""
    noted = room.row.keep_days
    return room.house.config.recording.keep_days if noted is None else noted


def version_of(days: float) -> str:
    """Return the version of the text that names ``days``."""
    return f"{VERSION}/{days:g}"


def covers(level: int, version: str, days: float) -> bool:
    """Say whether an answer holds where a voice is kept for ``days``.

    Where no voice is kept it makes no difference how long.
    """
    text, _, told = version.partition("/")
    if text != VERSION:
        return False
    return level < Consent.AUDIO or days <= (float(told) if told else UNNAMED_DAYS)
