"""What is said in one Space, on the loopback."""

from media.utterance import Grade, Utterance
from tests.bot.guild import HOST, run


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
