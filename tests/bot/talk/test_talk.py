"""What is said in one Space, on the loopback."""

from dataclasses import replace

from bot.talk.talk import keep_line
from media.utterance import Grade, Utterance
from moderation.store import drift_scores, transcripts
from moderation.store.erasure import rows
from tests.bot.guild import ANA, HOST, run


def test_words_are_uncertain_until_their_whole_line_is_there(tmp_path):
    """Whoever looks at a room can tell what may still change."""

    async def play(stage):
        await stage.enter(HOST)
        room = await stage.opened()
        user_id, looks = stage.member(HOST).id, []
        for text, grade in (
            ("I think", Grade.PARTIAL),
            ("I think so.", Grade.LIVE),
        ):
            room.talk.uttered(
                Utterance("one", user_id, 1.0, 2.0, text, "en", grade=grade)
            )
            looks.append(room.observe().lines)
        return looks

    partial, whole = run(tmp_path, play)

    assert [(line.text, line.certain) for line in partial] == [("I think", False)]
    assert [(line.text, line.certain) for line in whole] == [("I think so.", True)]


def test_what_drift_found_is_kept_with_the_line_and_once(tmp_path):
    """A line that comes again, or again after a restart, is not judged anew."""

    async def play(stage):
        await stage.enter(HOST)
        room = await stage.opened(topic="Tea")
        user_id, text = stage.member(HOST).id, "All about tea and teapots. " * 30
        for words in (text, "A better wording."):
            said = Utterance("one", user_id, 1.0, 61.0, words, "en")
            room.talk.uttered(said)
        found = room.talk.conversation.readings
        await stage.command(HOST, "space end")
        await room.ended()
        kept = await stage.bot.store.read(
            lambda db: drift_scores.read(db, room.space_id)
        )
        return found, kept

    found, kept = run(tmp_path, play)

    assert len(found) > 1
    assert [(row.start, row.end, row.score, row.bar) for row in kept] == [
        (one.start, one.end, one.score, one.bar) for one in found
    ]


def test_what_was_erased_is_neither_shown_nor_kept(tmp_path):
    """Not the lines that there are, nor one that was still being recognised."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        host, ana = stage.member(HOST).id, stage.member(ANA).id
        for user_id in (host, ana):
            said = Utterance(f"{user_id}", user_id, 0.0, 0.1, "I think so.", "en")
            room.talk.uttered(said)
        room.talk.forget(ana)
        late = Utterance("late", ana, 0.0, 0.1, "But then", "en")
        room.talk.uttered(late)
        now = room.talk.space_time()
        room.talk.uttered(Utterance("new", ana, now + 1.0, now + 2.0, "Again", "en"))
        lines = room.observe().lines
        await stage.command(HOST, "space end")
        await room.ended()
        kept = await stage.bot.store.read(
            lambda db: transcripts.read(db, room.space_id)
        )
        return lines, kept, ana

    lines, kept, ana = run(tmp_path, play)

    assert [line.text for line in lines] == ["I think so.", "Again"]
    assert "But then" not in [line.text for line in kept]
    assert "Again" in [line.text for line in kept if line.user_id == ana]


def test_a_line_from_before_an_erasure_is_not_written(tmp_path):
    """Whatever brings it: the record itself says no."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        ana, now = stage.member(ANA).id, stage.bot.house.clock.now()
        line = transcripts.NewUtterance(
            uid="a", user_id=ana, start=0.0, end=0.1, text="But then"
        )

        def write(db):
            asked = rows.begin(db, room.guild_id, ana, now, "en", {})
            rows.finish(db, asked.id, now)
            keep_line(db, room.space_id, line, now)
            late = replace(line, uid="b", start=now - room.row.opened_at + 1.0)
            keep_line(db, room.space_id, late, now)
            return [one.uid for one in transcripts.read(db, room.space_id)]

        return await stage.bot.store.write(write)

    assert run(tmp_path, play) == ["b"]
