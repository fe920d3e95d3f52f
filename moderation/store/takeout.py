"""A member's copy of what the record holds of them in one guild.

Reads only; run it inside ``Store.read``. What each table gives, and what it does not,
is written in ``holdings``. Rule: nobody else is named in it, and no word of theirs
stands in it. Times are Unix seconds, ``start`` and ``end`` seconds of the Space.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlite_utils import Database

from moderation.traces import copy

Rows = list[dict[str, Any]]

SECTIONS: Final[Mapping[str, str]] = {
    "member": "SELECT name, language, time_zone, seen_at FROM members"
    " WHERE guild_id = :guild AND user_id = :user",
    "consents": "SELECT level, text_version, source, space_id, at FROM consents"
    " WHERE guild_id = :guild AND user_id = :user ORDER BY id",
    "erasures": "SELECT asked_at, done_at FROM erasures"
    " WHERE guild_id = :guild AND user_id = :user ORDER BY id",
    "said": 'SELECT u.space_id, u.id AS line, u.start, u."end", u.text, u.language,'
    " u.words, u.confidence, u.edited_at, u.redacted_at FROM utterances AS u"
    " JOIN spaces AS s ON s.id = u.space_id WHERE s.guild_id = :guild"
    " AND u.user_id = :user ORDER BY u.space_id, u.start, u.id",
    "wordings": "SELECT v.utterance_id AS line, v.version, v.text, v.source, v.at"
    " FROM utterance_versions AS v JOIN utterances AS u ON u.id = v.utterance_id"
    " JOIN spaces AS s ON s.id = u.space_id WHERE s.guild_id = :guild"
    " AND u.user_id = :user ORDER BY v.utterance_id, v.version",
    "topic_scores": 'SELECT u.space_id, d.utterance_id AS line, d.start, d."end",'
    " d.score, d.bar, d.drifting FROM drift_scores AS d JOIN utterances AS u"
    " ON u.id = d.utterance_id JOIN spaces AS s ON s.id = u.space_id"
    " WHERE s.guild_id = :guild AND u.user_id = :user"
    " ORDER BY d.utterance_id, d.place",
    "corrections": "SELECT u.space_id, v.at FROM utterance_versions AS v"
    " JOIN utterances AS u ON u.id = v.utterance_id JOIN spaces AS s"
    " ON s.id = u.space_id WHERE s.guild_id = :guild AND v.by = :user ORDER BY v.at",
    "redacted": 'SELECT r.space_id, r.start, r."end", r.at FROM redactions AS r'
    " JOIN spaces AS s ON s.id = r.space_id WHERE s.guild_id = :guild"
    " AND r.user_id = :user ORDER BY r.id",
    "redactions": "SELECT r.space_id, r.at FROM redactions AS r JOIN spaces AS s"
    " ON s.id = r.space_id WHERE s.guild_id = :guild AND r.by = :user ORDER BY r.id",
    "talk": 'SELECT t.space_id, t.start, t."end" FROM spurts AS t JOIN spaces AS s'
    " ON s.id = t.space_id WHERE s.guild_id = :guild AND t.user_id = :user"
    " ORDER BY t.space_id, t.start",
    "talk_without_words": 'SELECT m.space_id, m.start, m."end", m.reason'
    " FROM missed AS m JOIN spaces AS s ON s.id = m.space_id"
    " WHERE s.guild_id = :guild AND m.user_id = :user ORDER BY m.space_id, m.start",
    "captions": "SELECT DISTINCT c.space_id, c.message_id FROM caption_lines AS c"
    " JOIN spaces AS s ON s.id = c.space_id WHERE s.guild_id = :guild"
    " AND c.user_id = :user ORDER BY c.message_id",
    "nudges": "SELECT n.space_id, n.rule, n.step, n.at, n.answer, n.answered_at"
    " FROM nudges AS n JOIN spaces AS s ON s.id = n.space_id"
    " WHERE s.guild_id = :guild AND n.user_id = :user ORDER BY n.id",
    "nudges_answered": "SELECT n.space_id, n.rule, n.answer, n.answered_at"
    " FROM nudges AS n JOIN spaces AS s ON s.id = n.space_id"
    " WHERE s.guild_id = :guild AND n.answered_by = :user ORDER BY n.id",
    "mutes": "SELECT space_id, muted_at, released_at FROM mutes"
    " WHERE guild_id = :guild AND user_id = :user ORDER BY id",
    "cases": "SELECT space_id, action, reason, at, expires_at, reversed_at FROM cases"
    " WHERE guild_id = :guild AND user_id = :user AND action NOT IN ('note', 'report')"
    " ORDER BY id",
    "cases_decided": "SELECT space_id, action, at, reversed_at FROM cases"
    " WHERE guild_id = :guild AND user_id <> :user"
    " AND (moderator_id = :user OR reversed_by = :user) ORDER BY id",
    "deeds": "SELECT space_id, action, at FROM audit"
    " WHERE guild_id = :guild AND actor_id = :user ORDER BY id",
    "done_to_them": "SELECT space_id, action, at FROM audit WHERE guild_id = :guild"
    " AND subject = 'member ' || :user AND coalesce(actor_id, 0) <> :user"
    " AND action NOT IN ('case.note', 'case.report') ORDER BY id",
    "plans": "SELECT id AS plan_id, channel_id, state, starts_at,"
    " json_extract(body, '$.topic') AS topic, host_id = :user AS host FROM plans"
    " WHERE guild_id = :guild AND (host_id = :user OR :user IN"
    " (SELECT value FROM json_each(plans.body, '$.cohost_ids'))) ORDER BY starts_at",
    "series": "SELECT id AS series_id, json_extract(json_extract(body,"
    " '$.model.body'), '$.topic') AS topic, over FROM series WHERE guild_id = :guild"
    " AND json_extract(body, '$.model.host_id') = :user ORDER BY id",
    "reminders": "SELECT r.plan_id, json_extract(p.body, '$.topic') AS topic,"
    " p.starts_at, r.offset_s, r.place, r.asked_at FROM reminders AS r"
    " JOIN plans AS p ON p.id = r.plan_id WHERE p.guild_id = :guild"
    " AND r.user_id = :user ORDER BY r.asked_at",
    "private_messages": "SELECT e.plan_id, e.kind, e.due_at, e.state, e.settled_at"
    " FROM sends AS e JOIN plans AS p ON p.id = e.plan_id WHERE p.guild_id = :guild"
    " AND e.key LIKE '%/' || :user ORDER BY e.claimed_at",
    "errands": "SELECT plan_id, kind, step, due_at, state, settled_at FROM errands"
    " WHERE guild_id = :guild AND target = :user AND kind IN ('guest', 'host')"
    " ORDER BY claimed_at",
    "invitations": "SELECT g.plan_id, g.state, g.slot_kind, g.slot_value, g.language,"
    " g.invited_at, g.answered_at FROM guests AS g JOIN plans AS p"
    " ON p.id = g.plan_id WHERE p.guild_id = :guild AND g.user_id = :user"
    " ORDER BY g.invited_at",
    "invitations_sent": "SELECT g.plan_id, g.invited_at FROM guests AS g JOIN plans"
    " AS p ON p.id = g.plan_id WHERE p.guild_id = :guild AND g.invited_by = :user"
    " ORDER BY g.invited_at",
    "replaced_as_guest": "SELECT g.plan_id, g.invited_at FROM guests AS g JOIN plans"
    " AS p ON p.id = g.plan_id WHERE p.guild_id = :guild AND g.replaced_by = :user"
    " ORDER BY g.invited_at",
    "voice_check": "SELECT at, score, faults FROM voice_checks"
    " WHERE guild_id = :guild AND user_id = :user",
    "rules_accepted": "SELECT a.rules_id, a.at FROM rules_accepted AS a JOIN rules AS r"
    " ON r.id = a.rules_id WHERE r.guild_id = :guild AND a.user_id = :user"
    " ORDER BY a.at",
    "rules_written": "SELECT id AS rules_id, format, text, at FROM rules"
    " WHERE guild_id = :guild AND by_id = :user ORDER BY id",
    "templates": "SELECT name, made_at FROM templates"
    " WHERE guild_id = :guild AND made_by = :user ORDER BY id",
    "campaigns": "SELECT plan_id, json_extract(body, '$.made_at') AS made_at"
    " FROM campaigns WHERE guild_id = :guild"
    " AND json_extract(body, '$.by') = :user ORDER BY plan_id",
    "webhooks": "SELECT name, made_at FROM webhooks"
    " WHERE guild_id = :guild AND made_by = :user ORDER BY id",
}
"""What is read by name; ``spaces``, ``events`` and ``tracks`` are read besides."""

ASKED: Final = ("HandRaised", "HandWithdrawn", "HandDeferred", "HandLowered")
"""Events of floor requests."""


@dataclass(frozen=True, slots=True)
class OwnTrack:
    """A recording of the member's voice alone that has not been deleted."""

    space_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Takeout:
    """Everything that a member gets."""

    rows: Mapping[str, Rows]
    """By section; those with nothing in them are there, and empty."""

    tracks: tuple[OwnTrack, ...]

    folders: Mapping[int, str]
    """Of their Spaces that have one: a Space that goes on has tracks without a row."""


def read(db: Database, guild_id: int, user_id: int) -> Takeout:
    """Gather everything."""
    whose = {"guild": guild_id, "user": user_id}
    rows = {name: list(db.query(sql, whose)) for name, sql in SECTIONS.items()}
    for line in rows["said"]:
        line["words"] = json.loads(line["words"])
    events = _events(db, whose)
    rows["spaces"] = _spaces(db, whose, events)
    folders = {one["space_id"]: one.pop("folder") for one in rows["spaces"]}
    rows["floor_requests"] = [one for one in events if one["event"] in ASKED]
    rows["questions"] = [one for one in events if one["event"] == "QuestionAsked"]
    rows["events"] = [
        one for one in events if one["event"] not in (*ASKED, "QuestionAsked")
    ]
    files = list(
        db.query(
            'SELECT t.space_id, t.kind, t.start, t."end", t.size_bytes, t.state,'
            " t.expires_at, t.deleted_at, t.sha256, t.path FROM tracks AS t"
            " JOIN spaces AS s ON s.id = t.space_id"
            " WHERE s.guild_id = :guild AND t.user_id = :user ORDER BY t.id",
            whose,
        )
    )
    there = [(one.pop("path"), one) for one in files]
    rows["tracks"] = files
    own = [
        OwnTrack(one["space_id"], path)
        for path, one in there
        if one["deleted_at"] is None
    ]
    return Takeout(rows, tuple(own), {key: at for key, at in folders.items() if at})


def _events(db: Database, whose: dict[str, int]) -> Rows:
    found = []
    # instr: most of a journal is others'; what names them for certain, ``copy`` says.
    for row in db.query(
        "SELECT j.space_id, j.at, j.name, j.body FROM journal AS j"
        " JOIN spaces AS s ON s.id = j.space_id WHERE s.guild_id = :guild"
        " AND instr(j.body, :user) > 0 ORDER BY j.space_id, j.seq",
        whose,
    ):
        event = copy(row["name"], row["body"], whose["user"])
        if event is not None:
            about = {key: row[key] for key in ("space_id", "at")}
            found.append({**about, "event": row["name"], **event})
    return found


def _spaces(db: Database, whose: dict[str, int], events: Rows) -> Rows:
    """Return the Spaces that they hosted or that anything of theirs is from."""
    visits: dict[int, Rows] = {}
    for one in events:
        if one.get("user_id") != whose["user"]:
            continue
        known = visits.setdefault(one["space_id"], [])
        if one["event"] == "MemberJoined" and not (
            known and known[-1]["left_at"] is None
        ):
            known.append({"joined_at": one["at"], "left_at": None})
        elif one["event"] == "MemberLeft" and known and known[-1]["left_at"] is None:
            known[-1]["left_at"] = one["at"]
    found = db.query(
        "SELECT id AS space_id, topic, kind, channel_id, opened_at, ended_at, practice,"
        " folder,"
        " host_id = :user AS host FROM spaces WHERE guild_id = :guild AND (host_id ="
        " :user OR id IN (SELECT value FROM json_each(:ids)) OR id IN (SELECT space_id"
        " FROM spurts WHERE user_id = :user) OR id IN (SELECT space_id FROM utterances"
        " WHERE user_id = :user) OR id IN (SELECT space_id FROM tracks"
        " WHERE user_id = :user)) ORDER BY id",
        {**whose, "ids": json.dumps(sorted({one["space_id"] for one in events}))},
    )
    return [{**space, "visits": visits.get(space["space_id"], [])} for space in found]
