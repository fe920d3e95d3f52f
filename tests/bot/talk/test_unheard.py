"""Who is told that somebody, or everybody, is not heard."""

from types import SimpleNamespace

from bot.talk.unheard import UnheardWatch
from bot.texts.catalogue import load
from bot.voice.listener import LinkState
from media.heard import Unheard, UnheardReason

ANA, BEN, CHO, NOW = 5, 6, 7, 1000.0
DAVE = UnheardReason.DAVE.value
DOWN = UnheardReason.LINK_DOWN
NOBODYS = (
    UnheardReason.UNKNOWN_SSRC,
    UnheardReason.TRANSPORT,
    UnheardReason.FAILURE,
    UnheardReason.DEAFENED,
    DOWN,
)


class Scene:
    """A watch over ears that the test deafens."""

    def __init__(self):
        self.told, self.named = [], []
        self.now = NOW
        self.due = []
        self.nudged = {}
        conversation = SimpleNamespace(
            told_unheard=lambda user_id, now: None, unheard=self.nudged.__setitem__
        )
        self.watch = UnheardWatch(
            conversation,
            self._perform,
            lambda: self.now,
            lambda seconds, tell: self.due.append((self.now + seconds, tell)),
        )

    def _perform(self, effects):
        self.told += [effect.key for effect in effects]
        self.named += [effect.params.get("who_ids") for effect in effects]

    def wait(self, seconds):
        """Let time pass; what is due happens at its time."""
        until = self.now + seconds
        while self.due and min(self.due)[0] <= until:
            self.due.sort(key=lambda one: one[0])
            self.now, tell = self.due.pop(0)
            tell()
        self.now = until

    def look(self, state, *unheard):
        """Let the room look at a receiver in this state."""
        snapshot = state and SimpleNamespace(state=state, unheard=unheard)
        self.watch.follow(SimpleNamespace(snapshot=lambda: snapshot), NOW)


def test_a_connection_that_is_lost_twice():
    """Each time is told, and each time that the sound is back."""
    scene = Scene()
    for _ in range(2):
        scene.watch.heard_of(0, DOWN.value, NOW)
        scene.watch.heard_of(0, DOWN.value, NOW)
        scene.look(LinkState.RECONNECTING, Unheard(0, DOWN, 3.0))
        scene.look(None)
        scene.look(LinkState.CONNECTED, Unheard(0, DOWN, 3.0))
        scene.look(LinkState.CONNECTED)
        scene.look(LinkState.CONNECTED)

    assert scene.told == ["unheard.link_down", "unheard.link_back"] * 2


def test_a_bot_that_is_deafened_twice():
    """A moderator did it, and another may not know: each time is told, and its end."""
    scene = Scene()
    deafened = UnheardReason.DEAFENED
    for _ in range(2):
        scene.watch.heard_of(0, deafened.value, NOW)
        scene.look(LinkState.CONNECTED, Unheard(0, deafened, 3.0))
        scene.look(LinkState.CONNECTED)
        scene.look(LinkState.CONNECTED)

    assert scene.told == ["unheard.deafened", "unheard.link_back"] * 2


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
        scene.watch.heard_of(ANA, report.reason.value, NOW)
        scene.wait(0.0)
        scene.look(LinkState.CONNECTED, report)
        scene.look(LinkState.CONNECTED)

    assert scene.told == ["unheard.dave"]
    assert scene.nudged == {ANA: None}


def test_all_who_are_unheard_at_once_are_in_one_message():
    """Where encryption fails it fails for many; another reason has its own words."""
    scene = Scene()
    for user_id in (ANA, BEN):
        scene.watch.heard_of(user_id, DAVE, NOW - 3.0)
    scene.watch.heard_of(CHO, "corrupt", NOW - 3.0)
    scene.wait(0.0)

    assert scene.told == ["unheard.dave", "unheard.corrupt"]
    assert scene.named == [f"{ANA} {BEN}", f"{CHO}"]


def test_who_follows_soon_waits_to_be_told_with_others():
    """But nobody longer than ten seconds from when they spoke."""
    scene = Scene()
    scene.watch.heard_of(ANA, DAVE, NOW - 3.0)
    scene.wait(1.0)
    scene.watch.heard_of(BEN, DAVE, NOW)
    scene.wait(5.0)
    assert scene.named == [f"{ANA}"]
    scene.watch.heard_of(CHO, DAVE, NOW + 3.0)
    scene.wait(3.4)
    assert scene.named == [f"{ANA}"]

    scene.wait(0.1)

    assert scene.named == [f"{ANA}", f"{BEN} {CHO}"]
    assert scene.now == NOW + 9.5


def test_who_has_to_be_told_sooner_takes_the_others_along():
    """One message, at the earliest of their times; the others' time then passes."""
    scene = Scene()
    scene.watch.heard_of(ANA, DAVE, NOW - 3.0)
    scene.wait(1.0)
    scene.watch.heard_of(BEN, DAVE, NOW)
    scene.watch.heard_of(CHO, DAVE, NOW - 8.0)
    scene.wait(0.5)
    assert scene.named == [f"{ANA}", f"{BEN} {CHO}"]

    scene.wait(10.0)
    scene.watch.heard_of(9, DAVE, scene.now)
    scene.wait(0.0)

    assert scene.named == [f"{ANA}", f"{BEN} {CHO}", "9"]


def test_every_reason_has_its_text_in_both_languages():
    """What concerns nobody in particular names nobody."""
    catalogue = load()
    for language in ("en", "es"):
        for reason in UnheardReason:
            text = catalogue.find(language, f"unheard.{reason.value}")
            nobody = reason in NOBODYS
            assert ("{who_ids}" in text) is not nobody
