"""What the panel and the answers say about a room."""

from bot.panel.content import FIELD_LIMIT, host_panel, panel
from bot.panel.lines import queue_lines
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.events import HandRaised, MemberJoined, QueueClosed
from tests.bot.panel.test_health import look
from tests.moderation.scene import HOST, Scene

CROWD = range(100, 130)


def test_whoever_asks_finds_their_own_place_in_a_long_queue():
    """Ten are listed, the others counted, and who asks wherever they stand."""
    scene, words = Scene(), Wording(load())
    for user_id in CROWD:
        scene.do(MemberJoined(user_id))
        scene.do(HandRaised(user_id))
    view = look(scene)

    shown = queue_lines(words, "en", view).splitlines()
    asked = queue_lines(words, "en", view, CROWD[20]).splitlines()
    first = queue_lines(words, "en", view, CROWD[0]).splitlines()

    assert len(shown) == 11
    assert shown[-1] == "… and 20 more"
    assert asked[:-1] == shown == first
    assert asked[-1].startswith(f"21. <@{CROWD[20]}>")


def test_a_queue_of_long_notes_still_says_how_many_wait():
    """Fewer are listed; who is not listed is counted, and a closed queue is said."""
    scene, words = Scene(), Wording(load())
    for user_id in CROWD:
        scene.do(MemberJoined(user_id))
        scene.do(HandRaised(user_id, note="x" * 140))
    scene.do(QueueClosed(HOST))
    view = look(scene)

    for show in (panel, host_panel):
        value = show(words, "en", view).embed.fields[1].value
        *listed, more, closed = value.splitlines()

        assert len(value) <= FIELD_LIMIT
        assert 0 < len(listed) < 10
        assert more == f"… and {len(CROWD) - len(listed)} more"
        assert closed == words.say("en", "panel.queue_closed")
