"""What the record holds of members in plans: hosts, guests, whoever is written to."""

from collections.abc import Mapping
from typing import Final

from moderation.store.holdings.holding import NOBODY, Holding

PLANS: Final[Mapping[str, Holding]] = {
    "plans": Holding(
        people=("host_id",),
        words=("body",),
        plain=(
            "id",
            "guild_id",
            "channel_id",
            "state",
            "starts_at",
            "series_id",
            "event_id",
            "occurrence",
        ),
        copied="Plans that they host or are co-host of.",
        erased="A stand-in hosted those that are over. Those to come stay: others wait"
        " for them; to be called off or handed over by themselves.",
    ),
    "series": Holding(
        words=("body",),
        plain=("id", "guild_id", "over", "event_id"),
        copied="Series that they host: topic only.",
        erased="A stand-in hosted those that are over.",
    ),
    "reminders": Holding(
        people=("user_id",),
        plain=("plan_id", "offset_s", "place", "asked_at"),
        copied="Every reminder that they asked for.",
        erased="Everything.",
    ),
    "sends": Holding(
        words=("key",),
        plain=(
            "plan_id",
            "kind",
            "due_at",
            "state",
            "nonce",
            "channel_id",
            "message_id",
            "claimed_at",
            "settled_at",
            "reason",
        ),
        copied="Private messages to them: the key ends with whom it is for.",
        erased="A stand-in was written to; what is on its way is dropped.",
    ),
    "cards": Holding(
        plain=(
            "plan_id",
            "channel_id",
            "starts_at",
            "message_id",
            "claimed_at",
            "shows",
            "gone",
        ),
        copied=NOBODY,
    ),
    "calendars": Holding(
        plain=("guild_id", "secret", "made_at", "digest", "changed_at"), copied=NOBODY
    ),
    "templates": Holding(
        people=("made_by",),
        words=("name", "folded", "body"),
        plain=("id", "guild_id", "made_at"),
        copied="Templates that they saved, by name.",
        erased="A stand-in saved it: it is the guild's.",
    ),
    "campaigns": Holding(
        words=("body",),
        plain=("plan_id", "guild_id", "state"),
        copied="Campaigns that they made: of which plan, when.",
        erased="A stand-in made those of plans that are over.",
    ),
    "promo_channels": Holding(
        plain=("guild_id", "channel_id", "language", "role_id"), copied=NOBODY
    ),
    "guests": Holding(
        people=("user_id", "invited_by", "replaced_by"),
        plain=(
            "plan_id",
            "state",
            "slot_kind",
            "slot_value",
            "language",
            "invited_at",
            "answered_at",
            "answered_for",
        ),
        copied="Their invitations with their answers; of those that they sent, when.",
        erased="A stand-in was invited, and invited, to plans that are over.",
    ),
    "guest_boards": Holding(
        plain=("plan_id", "channel_id", "message_id"), copied=NOBODY
    ),
    "webhooks": Holding(
        people=("made_by",),
        words=("name", "url", "secret"),
        plain=("id", "guild_id", "state", "reason", "made_at"),
        copied="When they added which, without address and secret: these are the"
        " guild's.",
        erased="A stand-in added it: it is the guild's.",
    ),
    "errands": Holding(
        people=("target",),
        words=("key",),
        plain=(
            "plan_id",
            "guild_id",
            "kind",
            "step",
            "due_at",
            "starts_at",
            "sequence",
            "state",
            "nonce",
            "role_id",
            "message_id",
            "claimed_at",
            "attempts",
            "retry_at",
            "settled_at",
            "reason",
            "words",
            "promotion",
        ),
        copied="What was sent to them as guest or host.",
        erased="A stand-in was written to about plans that are over.",
    ),
}
