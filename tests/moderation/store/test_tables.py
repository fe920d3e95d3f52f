"""The plain functions of each table, on a real database in memory."""

from dataclasses import replace

import pytest

from moderation.store import (
    audit,
    cases,
    consents,
    drift,
    guilds,
    journal,
    mutes,
    nudges,
    posts,
    search,
    spaces,
    spurts,
    tracks,
    transcripts,
)


def test_journal_numbers_each_space_by_itself(db, space_id):
    """``seq`` runs 1, 2, 3… within a Space; reading can go on where it stopped."""
    journal.append(db, space_id, 10.0, "SpaceOpened", "{}")
    journal.append(db, space_id, 11.5, "HandRaised", '{"user_id": 7}')

    assert [(row.seq, row.at, row.name) for row in journal.read(db, space_id)] == [
        (1, 10.0, "SpaceOpened"),
        (2, 11.5, "HandRaised"),
    ]
    assert [row.seq for row in journal.read(db, space_id, after=1)] == [2]
    assert journal.count(db, space_id) == {"SpaceOpened": 1, "HandRaised": 1}
    assert journal.bodies(db, space_id, "HandRaised") == ['{"user_id": 7}']


def test_space_is_live_until_it_ends_once(db, space_id):
    """The first end counts: a second one does not move it."""
    spaces.set_topic(db, space_id, "Coffee")
    assert [space.id for space in spaces.live(db)] == [space_id]

    spaces.end(db, space_id, 50.0)
    spaces.end(db, space_id, 60.0)

    assert spaces.live(db) == []
    assert spaces.get(db, space_id).ended_at == 50.0
    assert spaces.recent(db, 1)[0].topic == "Coffee"
    assert spaces.get(db, 99) is None


def consent(db, user_id, level, **changes):
    row = {"guild_id": 1, "text_version": "v1", "source": "button", "at": 1.0}
    consents.record(
        db,
        consents.ConsentRow(**(row | {"user_id": user_id, "level": level} | changes)),
    )


def test_newest_answer_under_the_text_in_force_is_the_consent(db):
    """Consent to an old text, or for another Space, is none."""
    consent(db, 7, 2)
    consent(db, 7, 1)
    consent(db, 8, 2, text_version="v0")
    consent(db, 9, 2, space_id=5)
    consent(db, 10, 2, space_id=4)

    found = consents.current(
        db, 1, 5, lambda level, version: version == "v1", (7, 8, 9, 10)
    )
    assert found == {7: (1, "v1"), 9: (2, "v1")}
    assert [row.level for row in consents.history(db, 1, 7)] == [2, 1]


def test_mute_is_owed_once_until_it_is_undone(db):
    """Writing the debt twice is one debt; after the unmute there is none."""
    mutes.owe(db, 1, 7, 3, 10.0)
    mutes.owe(db, 1, 7, 4, 20.0)
    mutes.owe(db, 2, 7, 5, 30.0)

    assert [(row.guild_id, row.muted_at) for row in mutes.owed(db)] == [
        (1, 10.0),
        (2, 30.0),
    ]
    assert mutes.release(db, 1, 7, 40.0)
    assert not mutes.release(db, 1, 7, 41.0)
    assert mutes.owed(db, 1) == []

    mutes.owe(db, 1, 7, 3, 50.0)
    assert [row.muted_at for row in mutes.owed(db, 1)] == [50.0]


def test_spurts_come_back_in_time_order(db, space_id):
    """Talk spurts end in another order than they begin."""
    late, early = spurts.SpurtRow(7, 3.0, 4.0), spurts.SpurtRow(8, 1.0, 5.0)

    spurts.record(db, space_id, [late, early])

    assert spurts.read(db, space_id) == [early, late]


def test_track_keeps_a_hash_when_it_is_deleted(db, space_id):
    """Retention deletes the file and can prove what it was."""
    track = tracks.NewTrack(
        space_id=space_id, path="a.ogg", start=0.5, user_id=7, expires_at=100.0
    )
    track_id = tracks.begin(db, track)
    tracks.finish(db, track_id, end=60.0, size_bytes=1234)

    assert [row.state for row in tracks.read(db, space_id)] == ["complete"]
    assert tracks.expired(db, now=100.0) == []  # the Space goes on
    spaces.end(db, space_id, 70.0)
    assert tracks.expired(db, now=99.0) == []
    assert [row.id for row in tracks.expired(db, now=100.0)] == [track_id]

    tracks.intend(db, track_id, 101.0, "retention", sha256="ab", size_bytes=1235)
    assert [row.id for row in tracks.half_deleted(db)] == [track_id]
    tracks.deleted(db, track_id, 102.0)

    assert tracks.expired(db, now=102.0) == tracks.half_deleted(db) == []
    row = tracks.get(db, track_id)
    assert row is not None
    assert (row.state, row.deleted_at, row.why) == ("deleted", 102.0, "retention")
    assert (row.sha256, row.size_bytes) == ("ab", 1235)


def test_files_expire_sooner_and_never_later(db, space_id):
    """Also those that had no time; of others and of what is gone nothing changes."""
    ids = [
        tracks.begin(
            db,
            tracks.NewTrack(
                space_id=space_id, path=path, start=0.0, expires_at=expires_at
            ),
        )
        for path, expires_at in (("a", 50.0), ("b", None), ("c", 90.0), ("d", 95.0))
    ]
    tracks.intend(db, ids[3], 1.0, "erased", sha256=None, size_bytes=None)
    tracks.deleted(db, ids[3], 1.0)

    tracks.expire(db, space_id, 70.0)
    tracks.expire(db, space_id, 80.0)
    tracks.expire(db, space_id + 1, 10.0)

    ends = [row.expires_at for row in tracks.read(db, space_id)]
    assert ends == [50.0, 70.0, 70.0, 95.0]
    assert [row.id for row in tracks.there(db)] == ids[:3]


def test_what_live_spaces_promise_only_gets_less(db, space_id):
    """Whoever spoke was told a number; ended Spaces and practice rooms have theirs."""
    told = spaces.NewSpace(
        guild_id=1, channel_id=2, host_id=3, kind="stage", topic="T", opened_at=10
    )
    ended = spaces.create(db, replace(told, keep_days=60))
    spaces.end(db, ended, 20.0)
    live = spaces.create(db, replace(told, keep_days=30))

    for days in (90, 14, 45):
        spaces.keep_at_most(db, days)

    rows = [spaces.get(db, one) for one in (space_id, ended, live)]
    assert [row.keep_days for row in rows if row] == [14, 60, 14]
    assert [row.id for row in spaces.ended(db)] == [ended]


def test_track_that_was_not_to_go_is_never_noted_as_deleted(db, space_id):
    """What is intended stands in the row before the file goes."""
    track_id = tracks.begin(db, tracks.NewTrack(space_id=space_id, path="a", start=0.0))

    tracks.deleted(db, track_id, 1.0)

    (row,) = tracks.read(db, space_id)
    assert (row.state, row.deleted_at) == ("open", None)


def test_hash_that_is_known_is_not_forgotten(db, space_id):
    """A process was killed after the file had gone: the next one finds none."""
    track_id = tracks.begin(db, tracks.NewTrack(space_id=space_id, path="a", start=0.0))
    tracks.intend(db, track_id, 1.0, "erased", sha256="ab", size_bytes=5)

    tracks.intend(db, track_id, 9.0, "retention", sha256=None, size_bytes=None)

    row = tracks.get(db, track_id)
    assert row is not None
    assert (row.deleting_at, row.why) == (1.0, "erased")
    assert (row.sha256, row.size_bytes) == ("ab", 5)


def test_refused_track_is_there_still(db, space_id):
    """It is to go, it is not gone, and the row says what the system said."""
    track_id = tracks.begin(db, tracks.NewTrack(space_id=space_id, path="a", start=0.0))
    tracks.intend(db, track_id, 1.0, "retention", sha256="ab", size_bytes=5)

    tracks.refused(db, track_id, "Permission denied")

    (row,) = tracks.half_deleted(db)
    assert (row.state, row.trouble) == ("open", "Permission denied")
    tracks.deleted(db, track_id, 2.0)
    assert [one.trouble for one in tracks.read(db, space_id)] == [""]


def test_audit_is_newest_first(db, space_id):
    """A moderator reads the latest deeds first."""
    for action in ("space.start", "space.end"):
        audit.record(
            db,
            audit.AuditRow(
                guild_id=1, action=action, at=1.0, space_id=space_id, body={"ñ": 1}
            ),
        )

    assert [row.action for row in audit.read(db, 1)] == ["space.end", "space.start"]
    assert audit.read(db, 1, space_id=99) == []
    assert audit.read(db, 1)[0].body == {"ñ": 1}


def test_case_is_reversed_once(db, space_id):
    """A case can be undone, by somebody, and only once."""
    number = cases.open_(
        db,
        cases.NewCase(
            guild_id=1,
            user_id=7,
            action="mute",
            at=5.0,
            space_id=space_id,
            body={"s": 2},
        ),
    )

    assert cases.reverse(db, number, by=9, at=6.0)
    assert not cases.reverse(db, number, by=8, at=7.0)

    (case,) = cases.about(db, 1, 7)
    assert (case.reversed_by, case.body) == (9, {"s": 2})
    assert cases.of_space(db, space_id) == [case]
    assert cases.get(db, number + 1) is None


def test_first_answer_to_a_nudge_counts(db, space_id):
    """Host and co-host may both press: the second press changes nothing."""
    nudge_id = nudges.record(
        db,
        nudges.NewNudge(
            space_id=space_id, rule="drift", step="host", at=5.0, evidence={"lines": []}
        ),
    )

    assert nudges.answer(db, nudge_id, "disagree", by=3, at=6.0)
    assert not nudges.answer(db, nudge_id, "park", by=4, at=7.0)
    assert nudges.read(db, space_id)[0].answer == "disagree"


def test_guild_setting_goes_back_to_its_default(db):
    """None takes a setting back; others stay."""
    guilds.set_settings(db, 1, {"language": "es", "cap": 5})
    guilds.set_settings(db, 1, {"cap": None})

    assert guilds.settings(db, 1) == {"language": "es"}
    assert guilds.settings(db, 2) == {}


def test_member_keeps_preferences_through_a_new_name(db):
    """A rename does not lose the language that the member chose."""
    guilds.saw_member(db, 1, 7, "Ana", 1.0)
    guilds.set_preferences(db, 1, 7, language="es")
    guilds.set_preferences(db, 1, 7, time_zone="Europe/Madrid")
    guilds.saw_member(db, 1, 7, "Ana María", 2.0)

    assert guilds.members(db, 1, [7, 8]) == {
        7: guilds.MemberRow(7, "Ana María", "es", "Europe/Madrid")
    }


def test_drift_memory_is_kept_per_guild_and_language(db):
    """One guild's answers and talk do not move another guild's."""
    drift.set_threshold(db, 1, 0.4, 5.0)
    drift.set_threshold(db, 1, 0.3, 6.0)
    learned = drift.BackgroundRow("es", 12, {"té": 3})
    drift.set_background(db, 1, learned, 7.0)

    assert (drift.threshold(db, 1), drift.threshold(db, 2)) == (0.3, None)
    assert drift.background(db, 1) == [learned]
    assert drift.background(db, 2) == []


def said(text, uid="u1", start=1.0):
    return transcripts.NewUtterance(
        uid=uid, user_id=7, start=start, end=start + 2, text=text, language="es"
    )


def test_better_pass_replaces_the_machines_wording(db, space_id):
    """The final pass improves a line and keeps what was there before."""
    first = transcripts.record(db, space_id, said("ola"), 1.0)
    better = transcripts.record(db, space_id, said("hola"), 2.0)
    same = transcripts.record(db, space_id, said("hola"), 3.0)

    assert (better.id, better.text, better.version) == (first.id, "hola", 2)
    assert same == better
    assert [v.text for v in transcripts.versions(db, first.id)] == ["ola", "hola"]


def test_human_edit_is_never_overwritten(db, space_id):
    """What a person wrote stands; the machine's later wording is kept beside it."""
    row = transcripts.record(db, space_id, said("ola"), 1.0)
    transcripts.edit(db, row.id, 1, "¡Hola!", by=9, at=2.0)

    after = transcripts.record(db, space_id, said("hola"), 3.0)

    assert (after.text, after.edited_by, after.version) == ("¡Hola!", 9, 2)
    assert [(v.text, v.source) for v in transcripts.versions(db, row.id)] == [
        ("ola", "machine"),
        ("¡Hola!", "human"),
        ("hola", "machine"),
    ]
    again = transcripts.edit(db, row.id, 2, "¡Hola a todos!", by=9, at=4.0)
    assert again.version == 4


def test_an_edit_of_an_older_wording_is_refused(db, space_id):
    """Who edits later has to have seen what stands: nobody's words are lost unseen."""
    row = transcripts.record(db, space_id, said("ola"), 1.0)
    transcripts.edit(db, row.id, 1, "¡Hola!", by=9, at=2.0)

    with pytest.raises(transcripts.StaleError) as caught:
        transcripts.edit(db, row.id, 1, "Hola.", by=8, at=3.0)

    assert (caught.value.row.text, caught.value.row.version) == ("¡Hola!", 2)
    assert transcripts.get(db, row.id).text == "¡Hola!"


def test_an_edit_that_changes_nothing_is_no_version(db, space_id):
    """What the machine said stays the machine's."""
    row = transcripts.record(db, space_id, said("hola"), 1.0)

    assert transcripts.edit(db, row.id, 1, "hola", by=9, at=2.0) == row
    assert len(transcripts.versions(db, row.id)) == 1


def test_editing_what_is_not_there_fails(db):
    """An edit of nothing is an error and not a new line."""
    with pytest.raises(LookupError):
        transcripts.edit(db, 5, 1, "x", by=1, at=1.0)


def test_transcript_can_be_read_from_a_second_on(db, space_id):
    """The page reads on from where it stopped."""
    for start in (5.0, 1.0, 9.0):
        transcripts.record(db, space_id, said(f"a {start}", f"u{start}", start), 1.0)

    assert [row.start for row in transcripts.read(db, space_id)] == [1.0, 5.0, 9.0]
    assert [row.start for row in transcripts.read(db, space_id, 5.0, 1)] == [5.0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("reunion", ["la reunión del año"]),
        ("REUNIÓN", ["la reunión del año"]),
        ("ano", ["la reunión del año"]),
        ("año", ["la reunión del año"]),
        ("añó", []),
        ('del" OR año', []),
        ("pingüino NEAR", []),
        ("()*", []),
        ("té verde", ["tomamos té verde"]),
        ("pingu", []),
    ],
)
def test_search_folds_accents_and_takes_any_text(db, space_id, query, found):
    """Every query is words, never FTS syntax; accents in it demand the spelling."""
    lines = ["la reunión del año", "tomamos té verde", "un pingüino"]
    for n, line in enumerate(lines):
        transcripts.record(db, space_id, said(line, f"u{n}"), 1.0)

    assert [hit.text for hit in search.search(db, 1, query)] == found


def test_search_by_prefix_and_only_in_the_own_guild(db, space_id):
    """Another guild's moderators never see these lines."""
    transcripts.record(db, space_id, said("un pingüino"), 1.0)

    assert len(search.search(db, 1, "pingu", prefix=True)) == 1
    assert search.search(db, 2, "pingu", prefix=True) == []


def test_post_is_kept_where_it_is_now(db, space_id):
    """A panel that was sent again is edited at its new place."""
    posts.keep(db, space_id, "panel", 5, 100)
    posts.keep(db, space_id, "panel", 5, 101)
    posts.keep(db, space_id, "captions", 6, 102)
    posts.forget(db, space_id, "captions")

    assert posts.of_space(db, space_id) == {"panel": posts.PostRow(5, 101)}
