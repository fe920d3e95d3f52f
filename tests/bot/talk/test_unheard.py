"""Who is told that somebody, or everybody, is not heard."""

from types import SimpleNamespace

from bot.talk.unheard import UnheardWatch
from bot.texts.catalogue import load
from bot.voice.listener import LinkState
from media.heard import Unheard, UnheardReason

ANA, NOW = 5, 1000.0
DOWN = UnheardReason.LINK_DOWN
NOBODYS = (UnheardReason.UNKNOWN_SSRC, UnheardReason.TRANSPORT, DOWN)


class Scene:
    """A watch over ears that the test deafens."""

    def __init__(self):
        self.told = []
        self.nudged = {}
        conversation = SimpleNamespace(
            told_unheard=lambda user_id, now: None, unheard=self.nudged.__setitem__
        )
        self.watch = UnheardWatch(conversation, self._perform, lambda: NOW)

    def _perform(self, effects):
        self.told += [effect.key for effect in effects]

    def look(self, state, *unheard):
        """Let the room look at a receiver in this state."""
        snapshot = state and SimpleNamespace(state=state, unheard=unheard)
        self.watch.follow(SimpleNamespace(snapshot=lambda: snapshot), NOW)


def test_a_connection_that_is_lost_twice():
    """Each time is told, and each time that the sound is back."""
    scene = Scene()
    for _ in range(2):
        scene.watch.heard_of(0, DOWN.value)
        scene.watch.heard_of(0, DOWN.value)
        scene.look(LinkState.RECONNECTING, Unheard(0, DOWN, 3.0))
        scene.look(None)
        scene.look(LinkState.CONNECTED, Unheard(0, DOWN, 3.0))
        scene.look(LinkState.CONNECTED)
        scene.look(LinkState.CONNECTED)

    assert scene.told == ["unheard.link_down", "unheard.link_back"] * 2


def test_a_room_that_did_not_let_us_in():
    """That has been told by itself; that it works at last is told here."""
    scene = Scene()
    scene.watch.never_in()
    scene.look(None)
    scene.look(LinkState.CONNECTED)

    assert scene.told == ["unheard.link_back"]


def test_a_member_who_is_not_heard():
    """The hosts are told once at once; from then on it is the nudges' to go on."""
    scene = Scene()
    report = Unheard(ANA, UnheardReason.DAVE, 3.0)
    for _ in range(2):
        scene.watch.heard_of(ANA, report.reason.value)
        scene.look(LinkState.CONNECTED, report)
        scene.look(LinkState.CONNECTED)

    assert scene.told == ["unheard.dave"]
    assert scene.nudged == {ANA: None}


def test_every_reason_has_its_text_in_both_languages():
    """What concerns nobody in particular names nobody."""
    catalogue = load()
    for language in ("en", "es"):
        for reason in UnheardReason:
            text = catalogue.find(language, f"unheard.{reason.value}")
            nobody = reason in (
                UnheardReason.UNKNOWN_SSRC,
                UnheardReason.TRANSPORT,
                DOWN,
            )
            assert ("{user_id}" in text) is not nobody
