"""What goes of a member outside Spaces, and what stays of them and why."""

import pytest

from moderation.store import cases, consents, guilds, journal, mutes, spaces
from moderation.store.consents import ConsentRow
from moderation.store.erasure import guild, rows, space
from moderation.store.holdings import HOLDINGS
from tests.moderation.store.record import GUILD, ME, OTHER, SAID, cells, fill

NOW, DAY = 1_800_000_100.0, 86_400.0

STAYS = {"consents", "erasures", "cases"}
"""Tables in which the member is named afterwards: proofs, and what stands."""


def end_all(db):
    """Let everything be over that was filled in: Spaces, plans, mutes, series."""
    db.execute("UPDATE spaces SET ended_at = 90")
    db.execute("UPDATE plans SET state = 'ended'")
    db.execute("UPDATE series SET over = 1")
    db.execute("UPDATE mutes SET released_at = 90")


def erase(db, user_id=ME, now=NOW):
    """Erase a member wholly, Spaces first; return the proof."""
    asked = rows.begin(db, GUILD, user_id, now, "en", {})
    for one in space.until(db, GUILD, asked.last_space_id):
        space.erase(db, one.id, user_id, -50 - one.id)
    guild.erase(db, asked, -99, now)
    rows.finish(db, asked.id, now)
    return asked


@pytest.fixture
def full(db):
    fill(db, ME)
    fill(db, OTHER)
    end_all(db)
    db.execute("DELETE FROM erasures")
    return db


@pytest.mark.parametrize("table", sorted(set(HOLDINGS) - {"utterances_fts"}))
def test_no_table_names_the_member_but_proofs(full, table):
    """A new table with somebody's id in it fails here until it is seen to."""
    erase(full)

    named = {name for name, _ in cells(full, ME)}
    assert table not in named or table in STAYS


def test_what_is_over_goes_from_the_cases_too(full):
    """A muting that ran out names them no more."""
    erase(full)

    assert {name for name, _ in cells(full, ME)} == {"consents", "erasures"}


def test_others_keep_all_of_theirs(full):
    """Rows that name another member are as they were, cell for cell."""
    before = cells(full, OTHER)

    erase(full)

    assert cells(full, OTHER) == before


def test_erasing_again_changes_nothing(full):
    """A process that was killed in between may do it once more."""
    asked = erase(full)
    once = list(full.conn.iterdump())

    guild.erase(full, asked, -123, NOW)

    assert list(full.conn.iterdump()) == once


def answer(db, at, level=2, space_id=None):
    row = ConsentRow(
        guild_id=GUILD,
        user_id=ME,
        level=level,
        text_version="1",
        source="button",
        at=at,
        space_id=space_id,
    )
    consents.record(db, row)


def test_the_ledger_of_consent_keeps_level_text_and_day(db):
    """With the second of an answer somebody could be found in a journal."""
    answer(db, NOW - 2 * DAY + 4321.5, space_id=7)
    answer(db, NOW, level=0)

    erase(db)

    kept = consents.history(db, GUILD, ME)
    today = NOW // DAY * DAY
    assert [(one.level, one.at, one.space_id) for one in kept] == [
        (2, today - 2 * DAY, None),
        (0, today, None),
    ]
    assert consents.current(db, GUILD, 7, lambda *_: True, {ME}) == {ME: (0, "1")}


def case(db, action, **more):
    row = {"guild_id": GUILD, "user_id": ME, "at": 1.0, "moderator_id": OTHER}
    return cases.open_(db, cases.NewCase(**(row | {"action": action} | more)))


@pytest.mark.parametrize(
    ("action", "more", "stays"),
    [
        ("ban", {}, True),
        ("ban", {"expires_at": NOW + 1}, True),
        ("ban", {"expires_at": NOW - 1}, False),
        ("mute", {"expires_at": NOW + 1}, True),
        ("mute", {}, False),
        ("warn", {}, True),
        ("note", {}, True),
        ("report", {}, True),
        ("remove", {}, True),
    ],
)
def test_what_stands_stays(db, action, more, stays):
    """An erasure is no way out of a sanction; what has run out goes."""
    case(db, action, reason="shouting", **more)

    assert guild.stays(db, GUILD, ME, NOW)["cases"] == stays
    erase(db)

    left = [(one.action, one.reason) for one in cases.about(db, GUILD, ME)]
    assert left == ([(action, "shouting")] if stays else [])


def test_a_lifted_ban_goes_with_what_lifted_it(db):
    """Were only the lifting erased, the ban would be back; a later one stays."""
    case(db, "ban")
    case(db, "unban")
    case(db, "warn")
    case(db, "ban", reason="again")

    erase(db)

    left = [(one.action, one.reason) for one in cases.about(db, GUILD, ME)]
    assert left == [("warn", ""), ("ban", "again")]


def test_what_was_undone_goes(db):
    """Undone is as if it had not been."""
    cases.reverse(db, case(db, "ban"), OTHER, 2.0)

    erase(db)

    assert cases.about(db, GUILD, ME) == []


def test_an_unmute_that_is_owed_stays(db):
    """Without it nobody would ever unmute them."""
    mutes.owe(db, GUILD, ME, None, 1.0)

    assert guild.stays(db, GUILD, ME, NOW)["mutes"] == 1
    erase(db)

    assert [one.user_id for one in mutes.owed(db, GUILD)] == [ME]


def test_a_report_of_theirs_loses_its_words_and_stays_about_the_other(db):
    """That somebody was reported is the moderators'; in whose words is not."""
    case(db, "report", user_id=OTHER, moderator_id=ME, reason=SAID)

    erase(db)

    (left,) = cases.about(db, GUILD, OTHER)
    assert left.moderator_id == -99
    assert SAID not in left.reason


def test_plans_to_come_stay_and_are_counted(full):
    """Others wait for them: whoever hosts one hands it over or calls it off."""
    full.execute("UPDATE plans SET state = 'scheduled'")
    full.execute("UPDATE series SET over = 0")

    held = guild.stays(full, GUILD, ME, NOW)
    erase(full)

    assert (held["plans"], held["series"]) == (1, 1)
    named = {name for name, _ in cells(full, ME)}
    assert named == {*STAYS, "plans", "series", "campaigns", "guests", "errands"} - {
        "cases"
    }


def test_every_reminder_goes_also_of_plans_to_come(full):
    """Nobody is written to who wants to be forgotten."""
    full.execute("UPDATE plans SET state = 'scheduled'")
    full.execute("UPDATE sends SET state = 'claimed'")
    assert guild.reminded_of(full, GUILD, ME) == [1]

    erase(full)

    assert guild.reminded_of(full, GUILD, ME) == []
    states = [one for (one,) in full.execute("SELECT state FROM sends ORDER BY key")]
    assert sorted(states) == ["claimed", "dropped"]


def test_who_came_back_keeps_what_is_newer(db):
    """A name is deleted unless a Space that was opened since needs it."""
    guilds.saw_member(db, GUILD, ME, "Ana", 1.0)
    asked = rows.begin(db, GUILD, ME, 50.0, "en", {})
    later = spaces.create(
        db,
        spaces.NewSpace(
            guild_id=GUILD,
            channel_id=2,
            host_id=3,
            kind="stage",
            topic="Tea",
            opened_at=60,
        ),
    )
    journal.append(db, later, 61.0, "MemberJoined", f'{{"user_id":{ME}}}')
    answer(db, 62.5)

    guild.erase(db, asked, -99, 70.0)

    assert guilds.members(db, GUILD, [ME])[ME].name == "Ana"
    assert [one.at for one in consents.history(db, GUILD, ME)] == [62.5]
