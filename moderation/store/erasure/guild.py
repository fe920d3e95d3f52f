"""What is erased of a member outside Spaces, and what stays and is named to them.

Run it when no Space holds anything of them any more. What is newer than the asking is
left alone: who comes back has begun anew.
"""

import json
from collections.abc import Iterable
from typing import Final

from sqlite_utils import Database

from moderation.sanction import Action
from moderation.store import cases
from moderation.store.cases import CaseRow
from moderation.store.erasure.rows import ErasureRow
from moderation.store.erasure.stand_in import (
    Whose,
    put,
    put_into_audit,
    put_into_json,
    put_into_keys,
)
from moderation.traces import REDACTED

OURS: Final = "plan_id IN (SELECT id FROM plans WHERE guild_id = :guild)"
OVER: Final = "guild_id = :guild AND state NOT IN ('scheduled', 'opened')"
"""Plans that nothing comes of any more."""

OF_OVER: Final = f"plan_id IN (SELECT id FROM plans WHERE {OVER})"  # noqa: S608 - our own constants

_LIFTED: Final = {
    Action.UNMUTE.value: Action.MUTE.value,
    Action.UNBAN.value: Action.BAN.value,
}


def erase(db: Database, asked: ErasureRow, stand_in: int, now: float) -> None:
    """Erase what belongs to no Space."""
    whose = {
        "guild": asked.guild_id,
        "user": asked.user_id,
        "asked": asked.asked_at,
        "last": asked.last_space_id,
        "stand_in": stand_in,
        "now": now,
    }
    for sql in (
        # Who came to a later Space is called something there.
        "DELETE FROM members WHERE guild_id = :guild AND user_id = :user AND NOT EXISTS"
        " (SELECT 1 FROM spaces AS s JOIN journal AS j ON j.space_id = s.id"
        " WHERE s.guild_id = :guild AND s.id > :last"
        " AND instr(j.body, :user) > 0)",
        "DELETE FROM voice_checks WHERE guild_id = :guild AND user_id = :user"
        " AND at <= :asked",
        "DELETE FROM rules_accepted WHERE user_id = :user AND at <= :asked"
        " AND rules_id IN (SELECT id FROM rules WHERE guild_id = :guild)",
        # With the second of an answer somebody could be found in a journal after all:
        # that they agreed, to what, and the day, is what is to be proved.
        "UPDATE consents SET space_id = NULL,"
        " at = 86400.0 * cast(at / 86400 AS INTEGER)"
        " WHERE guild_id = :guild AND user_id = :user AND at <= :asked",
        "DELETE FROM mutes WHERE guild_id = :guild AND user_id = :user"
        " AND released_at IS NOT NULL",
    ):
        db.execute(sql, whose)
    put(db, "rules", "by_id", "guild_id = :guild", whose)
    put(db, "templates", "made_by", "guild_id = :guild", whose)
    put_into_json(db, "templates", "body", "guild_id = :guild", whose)
    put(db, "webhooks", "made_by", "guild_id = :guild", whose)
    _plans(db, whose)
    _cases(db, asked, whose)
    put_into_audit(db, "guild_id = :guild", whose)


def reminded_of(db: Database, guild_id: int, user_id: int) -> list[int]:
    """Return the plans of a guild that a member asked to be reminded of."""
    rows = db.execute(
        "SELECT DISTINCT r.plan_id FROM reminders AS r JOIN plans AS p"
        " ON p.id = r.plan_id WHERE p.guild_id = ? AND r.user_id = ? ORDER BY 1",
        [guild_id, user_id],
    )
    return [plan_id for (plan_id,) in rows.fetchall()]


def stays(db: Database, guild_id: int, user_id: int, now: float) -> dict[str, int]:
    """Return how much of a member stays, by why: ``holdings`` says it of each table."""
    counted = {
        "consents": "SELECT count(*) FROM consents"
        " WHERE guild_id = :guild AND user_id = :user",
        "mutes": "SELECT count(*) FROM mutes WHERE guild_id = :guild"
        " AND user_id = :user AND released_at IS NULL",
        "plans": "SELECT count(*) FROM plans AS p WHERE guild_id = :guild AND state IN"
        " ('scheduled', 'opened') AND (host_id = :user OR instr(body, :user) > 0"
        " OR EXISTS (SELECT 1 FROM guests AS g WHERE g.plan_id = p.id"
        " AND :user IN (g.user_id, g.invited_by, g.replaced_by)))",
        "series": "SELECT count(*) FROM series"
        " WHERE guild_id = :guild AND over = 0 AND instr(body, :user) > 0",
    }
    whose = {"guild": guild_id, "user": user_id}
    found = {key: db.execute(sql, whose).fetchone()[0] for key, sql in counted.items()}
    mine = cases.about(db, guild_id, user_id)
    return {**found, "cases": len(mine) - len(_no_more(db, mine, now))}


def _plans(db: Database, whose: Whose) -> None:
    """Erase every wish, and everything of plans that are over.

    A message on its way to them is dropped: whoever brings it finds no row.
    """
    db.execute(
        "DELETE FROM reminders WHERE user_id = :user AND asked_at <= :asked"  # noqa: S608 - our own constants
        f" AND {OURS}",
        dict(whose),
    )
    db.execute(
        "UPDATE sends SET state = 'dropped' WHERE state = 'claimed'"  # noqa: S608 - our own constants
        f" AND key LIKE '%/' || :user AND {OURS}",
        dict(whose),
    )
    put_into_keys(db, "sends", OURS, whose)
    to_people = f"{OF_OVER} AND kind IN ('guest', 'host')"
    put(db, "errands", "target", to_people, whose)
    put_into_keys(db, "errands", to_people, whose)
    for column in ("user_id", "invited_by", "replaced_by"):
        put(db, "guests", column, OF_OVER, whose)
    put(db, "plans", "host_id", OVER, whose)
    put_into_json(db, "plans", "body", OVER, whose)
    put_into_json(db, "campaigns", "body", OF_OVER, whose)
    put_into_json(db, "series", "body", "guild_id = :guild AND over = 1", whose)


def _cases(db: Database, asked: ErasureRow, whose: Whose) -> None:
    """Erase cases that hold no more; of all others, that they decided them."""
    mine = cases.about(db, asked.guild_id, asked.user_id)
    db.execute(
        "DELETE FROM cases WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(_no_more(db, mine, whose["now"])))],
    )
    db.execute(
        "UPDATE cases SET reason = ? WHERE guild_id = ? AND moderator_id = ?"
        " AND action = ? AND reason <> ''",
        [REDACTED, asked.guild_id, asked.user_id, Action.REPORT.value],
    )
    put(db, "cases", "moderator_id", "guild_id = :guild", whose)
    put(db, "cases", "reversed_by", "guild_id = :guild", whose)


def _no_more(db: Database, mine: Iterable[CaseRow], now: float) -> set[int]:
    """Return the cases that hold no more: undone, run out, lifted, their Space over."""
    gone: set[int] = set()
    standing: list[CaseRow] = []
    for case in mine:
        if case.action in _LIFTED:
            what = _LIFTED[case.action]
            gone |= {case.id, *(one.id for one in standing if one.action == what)}
        elif case.reversed_at is not None or _has_run_out(db, case, now):
            gone.add(case.id)
        else:
            standing.append(case)
    return gone


def _has_run_out(db: Database, case: CaseRow, now: float) -> bool:
    if case.expires_at is not None:
        return case.expires_at <= now
    if case.action != Action.MUTE.value:
        return False
    row = db.execute("SELECT ended_at FROM spaces WHERE id = ?", [case.space_id])
    found = row.fetchone()
    return found is None or found[0] is not None
