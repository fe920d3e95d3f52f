"""What chat commands state, by who says them."""

import pytest

from bot.chat.door import fact
from bot.chat.words import Said, Verb
from bot.config import Config
from bot.settings import DiscordSettings
from moderation.events import (
    Answer,
    HandDeferred,
    HandRaised,
    HandWithdrawn,
    InvitationAnswered,
    Invited,
    QuestionVoted,
    SideTaken,
    TurnExtended,
)
from moderation.requests import RequestKind, Via
from tests.bot import guild
from tests.moderation.scene import ANN, BOB, HOST, Scene


@pytest.fixture
def scene():
    """Give a Space in which ANN is invited."""
    scene = Scene()
    scene.do(Invited(HOST, ANN))
    return scene


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        (Verb.ACCEPT, Answer.ACCEPTED),
        (Verb.LATER, Answer.LATER),
        (Verb.WITHDRAW, Answer.DECLINED),
        (Verb.DECLINE, Answer.DECLINED),
    ],
)
def test_who_is_invited_answers(scene, verb, answer):
    """``later`` and ``q-`` are about the invitation then."""
    assert fact(Said(verb), ANN, scene.space) == InvitationAnswered(ANN, answer)


def test_who_waits_speaks_of_their_hand(scene):
    """The same words, without an invitation."""
    assert fact(Said(Verb.LATER), BOB, scene.space) == HandDeferred(BOB)
    withdrawn = HandWithdrawn(BOB, Via.CHAT)
    assert fact(Said(Verb.WITHDRAW), BOB, scene.space) == withdrawn


def test_asking_again_keeps_what_the_hand_is_about(scene):
    """``q+`` alone asks where one stands; with a note it changes the note."""
    scene.do(HandRaised(BOB, RequestKind.QUESTION, "wax"))

    again = fact(Said(Verb.ASK), BOB, scene.space)
    noted = fact(Said(Verb.ASK, None, "honey"), BOB, scene.space)

    assert again == HandRaised(BOB, RequestKind.QUESTION, "wax", Via.CHAT)
    assert noted == HandRaised(BOB, RequestKind.QUESTION, "honey", Via.CHAT)


def test_what_needs_a_word_more_has_it(scene):
    """A number, a side, a minute; what only asks states nothing."""
    said = Said(Verb.VOTE, None, "3"), Said(Verb.SIDE, "en", "for"), Said(Verb.MORE)

    assert [fact(one, BOB, scene.space) for one in said] == [
        QuestionVoted(BOB, 3),
        SideTaken(BOB, "for"),
        TurnExtended(BOB, BOB),
    ]
    assert fact(Said(Verb.HELP), BOB, scene.space) is None


def test_the_prefix_is_a_choice_and_must_be_there(tmp_path):
    """With it a bare word is no command; and who says nothing known is helped."""
    config = Config(discord=DiscordSettings(message_content=True, prefix="!"))

    async def play(stage):
        await stage.enter(guild.HOST, guild.ANA, guild.LUIS)
        room = await stage.opened()
        await stage.member(guild.LUIS).type(stage.channel_id, "q+")
        await stage.member(guild.ANA).type(stage.channel_id, "!palabra: luz")
        await guild.until(lambda: room.observe().space.queue)
        me = f"<@{stage.standin.world.application_id}>"
        await stage.member(guild.LUIS).type(stage.channel_id, f"{me} hum")
        await stage.posted("Mention me")
        queue = room.observe().space.queue
        quiet = await stage.command(guild.HOST, "talk quiet")
        return [hand.note for hand in queue], quiet

    notes, quiet = guild.run(tmp_path, play, config=config)

    assert notes == ["luz"]
    assert quiet.startswith("3 people here have not spoken yet:")
