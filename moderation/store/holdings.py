"""What the record holds of members: every table, every column, decided.

Rule: a column that holds a member's id is in ``people``, one that holds what somebody
said, wrote or is called (or JSON that may name them) is in ``words``, all others are in
``plain``. A test walks the schema: a new table or column has to be decided here.
``copied`` says what ``takeout`` gives the member of it, ``erased`` what ``erasure``
does to it; tests fill every table and hold both against it. A stand-in is a number that
is nobody's (``erasure.stand_in``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One table."""

    people: tuple[str, ...] = ()
    """Columns that hold a member's id."""

    words: tuple[str, ...] = ()
    """Columns with speech, text or names, and JSON or keys that may name somebody."""

    plain: tuple[str, ...]
    """Columns that hold nothing of a person's."""

    copied: str
    """What of it a member's copy has; why nothing, where it has nothing."""

    erased: str = ""
    """What of it goes when a member is erased, and what stays and why."""


NOBODY: Final = "Nothing: it is about nobody."

HOLDINGS: Final[Mapping[str, Holding]] = {
    "guilds": Holding(plain=("guild_id", "body"), copied=NOBODY),
    "members": Holding(
        people=("user_id",),
        words=("name",),
        plain=("guild_id", "language", "time_zone", "seen_at"),
        copied="Everything.",
        erased="Everything, unless they came to a Space since they asked.",
    ),
    "spaces": Holding(
        people=("host_id",),
        words=("topic",),
        plain=(
            "id",
            "guild_id",
            "channel_id",
            "kind",
            "language",
            "plan_id",
            "folder",
            "opened_at",
            "ended_at",
            "alive_at",
            "practice",
            "keep_days",
        ),
        copied="Every Space that they hosted or came to, with the times of each visit.",
        erased="A stand-in hosted it; its topic stays.",
    ),
    "journal": Holding(
        words=("body",),
        plain=("space_id", "seq", "at", "name"),
        copied="Every event that they did or that was done to them, others unnamed;"
        " not what staff noted and others reported about them (moderation.traces).",
        erased="Their words go (questions, notes, reports), and staff's about them; a "
        "stand-in did and suffered the rest. Topics, agenda and links stay: they "
        "are the Space's.",
    ),
    "consents": Holding(
        people=("user_id",),
        plain=("id", "guild_id", "space_id", "level", "text_version", "source", "at"),
        copied="Every answer.",
        erased="Stays as the proof, with the day for the second and without the Space;"
        " the last answer is the erasure's.",
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
    "spurts": Holding(
        people=("user_id",),
        plain=("id", "space_id", "start", "end"),
        copied="Every stretch of their talk.",
        erased="A stand-in talked.",
    ),
    "utterances": Holding(
        people=("user_id", "edited_by"),
        words=("text", "words"),
        plain=(
            "id",
            "space_id",
            "uid",
            "start",
            "end",
            "language",
            "confidence",
            "version",
            "edited_at",
            "redacted_at",
        ),
        copied="Every line of theirs as it stands. Of lines of others that they"
        " corrected, only when.",
        erased="Everything. A stand-in corrected lines of others.",
    ),
    "utterance_versions": Holding(
        people=("by",),
        words=("text",),
        plain=("utterance_id", "version", "source", "at"),
        copied="Every wording that their lines had.",
        erased="Everything of their lines. A stand-in corrected others.",
    ),
    "utterances_fts": Holding(
        words=("text",),
        plain=(),
        copied="Nothing besides: an index of utterances.",
        erased="With the lines; Store.purge clears the bytes.",
    ),
    "redactions": Holding(
        people=("user_id", "by"),
        plain=("id", "space_id", "utterance_id", "start", "end", "at", "settled_at"),
        copied="When words of theirs were redacted, and when they redacted words.",
        erased="Those of their lines, with the lines. A stand-in redacted others.",
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
    "tracks": Holding(
        people=("user_id",),
        words=("path",),
        plain=(
            "id",
            "space_id",
            "kind",
            "start",
            "end",
            "size_bytes",
            "state",
            "expires_at",
            "deleted_at",
            "sha256",
            "deleting_at",
            "why",
            "trouble",
        ),
        copied="Every recording of their voice alone, the sound with it; of deleted"
        " ones the proof. Not mixes: others are in them.",
        erased="Every file of their voice, every mix with it; the rows stay as the "
        "proof, under a stand-in, who is in the name of the file as well.",
    ),
    "expiry_notices": Holding(
        plain=(
            "space_id",
            "state",
            "expires_at",
            "nonce",
            "claimed_at",
            "attempts",
            "retry_at",
            "settled_at",
            "message_id",
            "reason",
        ),
        copied="Nothing: when the host of a Space was told that its sound goes.",
    ),
    "word_deletions": Holding(
        plain=("space_id", "at", "lines", "sha256", "done_at"),
        copied=NOBODY,
    ),
    "nudges": Holding(
        people=("user_id", "answered_by"),
        words=("evidence",),
        plain=("id", "space_id", "rule", "step", "at", "answer", "answered_at"),
        copied="Nudges about them and answers of theirs; not the lines that were"
        " quoted, which may be anybody's: their own are among the utterances.",
        erased="A stand-in was nudged and answered; what quoted them is gone.",
    ),
    "drift_thresholds": Holding(
        plain=("guild_id", "value", "answers", "updated_at"), copied=NOBODY
    ),
    "drift_background": Holding(
        words=("terms",),
        plain=("guild_id", "language", "passages", "updated_at"),
        copied="Nothing: it counts how usual a word is in the guild, whoever said it.",
        erased="Their words are counted less. That a word is usual stays.",
    ),
    "drift_scores": Holding(
        plain=("utterance_id", "place", "start", "end", "score", "bar", "drifting"),
        copied="Every score that was found after a passage of theirs.",
        erased="Those of their lines, with the lines. What was found after others'"
        " passages stays: it is one number for all that was said lately.",
    ),
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
    "posts": Holding(
        plain=("space_id", "kind", "channel_id", "message_id"), copied=NOBODY
    ),
    "caption_lines": Holding(
        people=("user_id",),
        words=("uid",),
        plain=("message_id", "number", "space_id", "thread_id", "stale"),
        copied="In which messages of captions lines of theirs stand.",
        erased="Everything, with the lines; a stand-in's are those that Discord did"
        " not let the bot change.",
    ),
    "final_passes": Holding(
        words=("hotwords",),
        plain=(
            "space_id",
            "state",
            "queued_at",
            "attempts",
            "settled_at",
            "improved",
            "added",
            "reason",
        ),
        copied="Nothing: names of a room in one text, kept until the pass is over.",
        erased="Their name goes out of the words.",
    ),
    "missed": Holding(
        people=("user_id",),
        plain=("id", "space_id", "start", "end", "reason"),
        copied="Every stretch of their talk that has no words.",
        erased="A stand-in talked.",
    ),
    "series": Holding(
        words=("body",),
        plain=("id", "guild_id", "over", "event_id"),
        copied="Series that they host: topic only.",
        erased="A stand-in hosted those that are over.",
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
    "calendars": Holding(
        plain=("guild_id", "secret", "made_at", "digest", "changed_at"), copied=NOBODY
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
    "templates": Holding(
        people=("made_by",),
        words=("name", "folded", "body"),
        plain=("id", "guild_id", "made_at"),
        copied="Templates that they saved, by name.",
        erased="A stand-in saved it: it is the guild's.",
    ),
}
"""Every table of the record that is ours."""
