"""What the record holds of members wherever they are in the guild."""

from collections.abc import Mapping
from typing import Final

from moderation.store.holdings.holding import NOBODY, Holding

MEMBERS: Final[Mapping[str, Holding]] = {
    "guilds": Holding(plain=("guild_id", "body"), copied=NOBODY),
    "members": Holding(
        people=("user_id",),
        words=("name",),
        plain=("guild_id", "language", "time_zone", "seen_at"),
        copied="Everything.",
        erased="Everything, unless they came to a Space since they asked.",
    ),
    "consents": Holding(
        people=("user_id",),
        plain=("id", "guild_id", "space_id", "level", "text_version", "source", "at"),
        copied="Every answer.",
        erased="Stays as the proof, with the day for the second and without the Space;"
        " the last answer is the erasure's.",
    ),
    "erasures": Holding(
        people=("user_id",),
        plain=(
            "id",
            "guild_id",
            "asked_at",
            "language",
            "counts",
            "done_at",
            "told_at",
            "last_space_id",
        ),
        copied="Every erasure that they asked for.",
        erased="Stays: it is the proof.",
    ),
    "mutes": Holding(
        people=("user_id",),
        plain=("id", "guild_id", "space_id", "muted_at", "released_at"),
        copied="Every mute of the bot's.",
        erased="Everything but an unmute that is owed: without it nobody would unmute "
        "them.",
    ),
    "cases": Holding(
        people=("user_id", "moderator_id", "reversed_by"),
        words=("reason",),
        plain=(
            "id",
            "guild_id",
            "space_id",
            "action",
            "at",
            "expires_at",
            "reversed_at",
            "body",
        ),
        copied="What was done about them, with the reason and without the moderator;"
        " not notes and reports, which are their writers'. Of cases that they decided,"
        " what and when, not about whom nor why.",
        erased="What holds no more (undone, lifted, run out). What stands stays: an "
        "erasure is no way out of a ban. In cases about others a stand-in decided, "
        "and what they reported is gone.",
    ),
    "audit": Holding(
        people=("actor_id",),
        words=("subject", "body"),
        plain=("id", "guild_id", "space_id", "action", "at"),
        copied="What they did and what was done to them, without details.",
        erased="A stand-in did it, and had it done to them.",
    ),
    "voice_checks": Holding(
        people=("user_id",),
        plain=("guild_id", "at", "score", "faults"),
        copied="The last check.",
        erased="Everything.",
    ),
    "rules": Holding(
        people=("by_id",),
        words=("text",),
        plain=("id", "guild_id", "format", "at"),
        copied="Rules that they wrote.",
        erased="A stand-in wrote them: they are the guild's.",
    ),
    "rules_accepted": Holding(
        people=("user_id",),
        plain=("rules_id", "at"),
        copied="Every acceptance.",
        erased="Everything.",
    ),
}
