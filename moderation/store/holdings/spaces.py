"""What the record holds of members in Spaces: what they did and said there."""

from collections.abc import Mapping
from typing import Final

from moderation.store.holdings.holding import NOBODY, Holding

SPACES: Final[Mapping[str, Holding]] = {
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
            "lag_s",
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
}
