"""Who speaks unheard, from counters and a clock of our own."""

import pytest

from bot.voice.announced import AWAITED_S, OPENING_S
from bot.voice.dave import Failure
from bot.voice.ops import MOST_MEMBERS
from bot.voice.reception import MOST_SPEAKERS, Reception
from bot.voice.tally import Tally
from bot.voice.watch import CHECK_S, Watch
from media.heard import Unheard, UnheardReason
from media.hearing import SpeakerCounters

ANA, BEA = 1, 2


class Scene:
    """A reception whose counters the test moves, and a second that passes."""

    def __init__(self):
        self.reception = Reception()
        self.watch = Watch()
        self.now = 100.0
        self.failures = 0

    def second(self, *, opened=(), missed=(), failures=0):
        """Let a second pass in which frames opened or did not."""
        self.now += CHECK_S
        for user_id in {*opened, *missed}:
            tally = self.reception.tallies.setdefault(user_id, Tally())
            tally.last_at = self.now
            tally.opened += 50 * (user_id in opened)
            tally.missed += 50 * (user_id in missed)
        self.failures += failures
        return self.watch.check(self.now, self.reception, self.failures)

    def seconds(self, count, **what):
        return [fact for _ in range(count) for fact in self.second(**what)]


def test_everybody_is_heard():
    """Nothing is reported."""
    assert Scene().seconds(20, opened=[ANA, BEA]) == []


def test_a_few_frames_fail_after_a_join():
    """The first ones often do; that is nothing to report."""
    scene = Scene()

    assert scene.second(missed=[ANA]) == []
    assert scene.seconds(20, opened=[ANA]) == []


def test_somebody_is_never_heard():
    """The host is told once, within 10 s, and it stands until they are heard."""
    scene = Scene()

    reports = scene.seconds(9, missed=[ANA], opened=[BEA])
    standing = list(scene.watch.unheard.values())
    scene.seconds(2, opened=[ANA, BEA])

    assert reports == [Unheard(ANA, UnheardReason.DAVE, 100.0)]
    assert standing == reports
    assert scene.watch.unheard == {}


def test_somebody_is_unheard_again():
    """It is reported anew."""
    scene = Scene()
    scene.seconds(9, missed=[ANA])
    scene.seconds(5, opened=[ANA])

    assert len(scene.seconds(9, missed=[ANA])) == 1


def test_short_remarks_with_pauses_between_them():
    """Pauses neither acquit nor accuse."""
    scene = Scene()
    reports = []
    for _ in range(3):
        reports += scene.second(missed=[ANA]) + scene.seconds(2)

    assert [r.user_id for r in reports] == [ANA]


def test_one_short_remark():
    """It was not heard, and within 10 s of it the host knows."""
    scene = Scene()

    reports = scene.second(missed=[ANA]) + scene.seconds(9)

    assert reports == [Unheard(ANA, UnheardReason.DAVE, 100.0)]


@pytest.mark.parametrize("seconds", [1, 9])
def test_who_is_unheard_leaves(seconds):
    """Nobody speaks unheard any more, and it is not told again."""
    scene = Scene()
    scene.seconds(seconds, missed=[ANA])
    scene.watch.departed(ANA)

    assert scene.seconds(20) == []
    assert scene.watch.unheard == {}


def test_who_was_unheard_comes_back_unheard():
    """It is told anew."""
    scene = Scene()
    scene.seconds(9, missed=[ANA])
    scene.watch.departed(ANA)
    scene.seconds(20)

    assert len(scene.seconds(9, missed=[ANA])) == 1


def test_one_bad_second_in_a_speech():
    """It is heard on: nothing to report."""
    scene = Scene()
    scene.second(missed=[ANA])

    assert scene.seconds(20, opened=[ANA]) == []


def test_more_than_half_of_a_speech_does_not_open():
    """Nobody could follow that, though it is not nothing."""
    scene = Scene()
    reports = []
    for _ in range(5):
        scene.reception.tallies.setdefault(ANA, Tally()).missed += 10
        reports += scene.second(missed=[ANA], opened=[ANA])

    assert [r.reason for r in reports] == [UnheardReason.DAVE]


def test_no_recovery_helps():
    """Giving up is said as what it is."""
    scene = Scene()
    scene.seconds(5, missed=[ANA])
    scene.reception.recovery.given_up.add(ANA)

    reports = scene.second(missed=[ANA])

    assert [r.reason for r in reports] == [UnheardReason.DAVE_GAVE_UP]


def test_a_stream_that_nobody_owns():
    """Somebody is unheard, though nobody can say who."""
    scene = Scene()
    reports = []
    for _ in range(6):
        scene.reception._strangers._waiting.given_up += 50
        reports += scene.second(opened=[BEA])

    assert [(r.user_id, r.reason) for r in reports] == [(0, UnheardReason.UNKNOWN_SSRC)]


def test_a_stream_that_nobody_owns_is_over():
    """Nobody can be told to be heard again; its end is that nothing comes."""
    scene = Scene()
    for _ in range(6):
        scene.reception._strangers._waiting.given_up += 50
        scene.second()
    standing = len(scene.watch.unheard)
    scene.seconds(12)

    assert (standing, scene.watch.unheard) == (1, {})


def test_a_transport_key_that_fits_nothing():
    """It concerns everybody."""
    scene = Scene()
    reports = []
    for _ in range(6):
        scene.reception.ignored["transport"] += 50
        reports += scene.second()

    assert [(r.user_id, r.reason) for r in reports] == [(0, UnheardReason.TRANSPORT)]


def test_a_member_is_said_to_speak_and_nothing_comes():
    """A report within 10 s; none for who does arrive, or who left."""
    scene = Scene()
    for user_id in (ANA, BEA, 3):
        scene.watch.announced.speaking(user_id, scene.now, 0)
    scene.watch.departed(3)

    reports = scene.seconds(9, opened=[BEA])

    assert AWAITED_S < 10
    assert [(r.user_id, r.reason) for r in reports] == [(ANA, UnheardReason.NO_PACKETS)]


def test_who_came_back_is_said_to_speak_and_nothing_comes():
    """What was heard before they left says nothing about now."""
    scene = Scene()
    scene.watch.announced.speaking(ANA, scene.now, 0)
    scene.seconds(5, opened=[ANA])
    scene.watch.departed(ANA)
    scene.seconds(5)
    scene.watch.announced.speaking(ANA, scene.now, 0)

    reports = scene.seconds(9)

    assert [(r.user_id, r.reason) for r in reports] == [(ANA, UnheardReason.NO_PACKETS)]


def renewed(scene):
    """Begin another voice session, which takes a second and introduces ANA."""
    scene.watch.link(False, scene.now)
    scene.watch.announced.renew(list(scene.reception.tallies), scene.now)
    scene.second()
    scene.watch.link(True, scene.now)
    scene.watch.announced.speaking(ANA, scene.now, 0)


def test_who_was_heard_is_said_to_speak_in_another_session():
    """Packets of the former session say nothing about this one."""
    scene = Scene()
    scene.watch.announced.speaking(ANA, scene.now, 0)
    scene.seconds(5, opened=[ANA, BEA])
    renewed(scene)
    scene.seconds(int(OPENING_S) + 1)
    since = scene.now
    scene.watch.announced.speaking(ANA, scene.now, 0)
    scene.watch.announced.speaking(BEA, scene.now, 0)

    reports = scene.second(opened=[BEA]) + scene.seconds(9)

    assert reports == [Unheard(ANA, UnheardReason.NO_PACKETS, since)]


def test_who_was_heard_stays_silent_in_another_session():
    """That it introduces them is no news, nor is what the former one said."""
    scene = Scene()
    scene.seconds(5, opened=[ANA])
    scene.watch.announced.speaking(BEA, scene.now, 0)
    renewed(scene)

    assert scene.seconds(30) == []


def test_another_session_introduces_who_was_never_heard():
    """They may be speaking, as at a join."""
    scene = Scene()
    scene.seconds(5, opened=[BEA])
    renewed(scene)

    reports = scene.seconds(9)

    assert [(r.user_id, r.reason) for r in reports] == [(ANA, UnheardReason.NO_PACKETS)]


def test_who_was_heard_comes_back_while_another_session_opens():
    """They are new to it: its word is that they speak."""
    scene = Scene()
    scene.seconds(5, opened=[ANA])
    renewed(scene)
    scene.watch.departed(ANA)
    scene.watch.announced.speaking(ANA, scene.now, 0)

    reports = scene.seconds(9)

    assert [(r.user_id, r.reason) for r in reports] == [(ANA, UnheardReason.NO_PACKETS)]


def test_the_bot_has_no_voice_connection():
    """That is the one thing to report then."""
    scene = Scene()
    scene.watch.announced.speaking(ANA, scene.now, 0)
    scene.watch.link(False, scene.now)

    reports = scene.seconds(12)
    scene.watch.link(True, scene.now)
    scene.second(opened=[ANA])

    assert [(r.user_id, r.reason) for r in reports] == [(0, UnheardReason.LINK_DOWN)]
    assert scene.watch.unheard == {}


def test_a_tally_adds_up():
    """Every packet ended in exactly one way."""
    tally = Tally()
    tally.open([7], 1.0)
    tally.withhold(2.0)
    tally.miss(3.0)
    tally.lose(Failure.NO_KEY)

    assert (tally.packets, tally.last_at) == (3, 3.0)
    assert tally.has_opened(7)
    assert not tally.has_opened(8)


def test_nothing_comes_in_though_it_should():
    """Nobody waits for longer: it took its time to be sure of it."""
    scene = Scene()
    scene.watch.deaf(scene.now)

    reports = scene.second()
    scene.watch.link(True, scene.now)

    assert reports == [Unheard(0, UnheardReason.LINK_DOWN, 100.0)]
    assert scene.seconds(20) == []
    assert scene.watch.unheard == {}


def test_a_moderator_deafens_the_bot():
    """It is told at once, and of nobody that they are unheard; until it is undone."""
    scene = Scene()
    scene.watch.announced.speaking(ANA, scene.now, 0)
    scene.watch.server_deaf(True, scene.now)

    reports = scene.seconds(20)
    scene.watch.server_deaf(True, scene.now)
    scene.watch.server_deaf(False, scene.now)

    assert reports == [Unheard(0, UnheardReason.DEAFENED, 100.0)]
    assert scene.seconds(20) == []
    assert scene.watch.unheard == {}


def test_an_error_of_our_own_ends_every_batch():
    """Frames that open and get no further are not heard: it is told, once."""
    scene = Scene()

    reports = scene.seconds(9, opened=[ANA], failures=20)
    scene.second(opened=[ANA])

    assert reports == [Unheard(0, UnheardReason.FAILURE, 100.0)]
    assert scene.watch.unheard == {}


def test_an_error_of_our_own_ends_a_batch_now_and_then():
    """It costs a moment of the room, which stands in the snapshot and the log."""
    scene = Scene()

    for _ in range(10):
        reports = scene.seconds(2, opened=[ANA], failures=1)
        reports += scene.second(opened=[ANA])

    assert reports == []


def test_a_server_that_names_speakers_without_end():
    """No more are waited for than can speak, and their leaving is soon forgotten."""
    scene = Scene()
    for user_id in range(1, 50_000):
        scene.watch.announced.speaking(user_id, scene.now, 0)
        scene.watch.departed(user_id + 50_000)

    reports = scene.seconds(10)

    assert len(reports) == MOST_SPEAKERS
    assert len(scene.watch.announced._left) <= MOST_MEMBERS


def counters(packets, corrupt):
    """Return what the hearing counts of ANA."""
    fields = dict.fromkeys(SpeakerCounters.__dataclass_fields__, 0)
    return [
        SpeakerCounters(
            **fields | {"user_id": ANA, "packets": packets, "corrupt": corrupt}
        )
    ]


def test_somebody_sends_what_is_no_sound():
    """It stands as long as it lasts; the hearing has told of it already."""
    scene = Scene()

    reports = []
    for n in range(1, 6):
        heard = counters(50 * n, 50 * n)
        reports += scene.watch.check(scene.now + n, scene.reception, heard=heard)
    standing = list(scene.watch.unheard)
    scene.watch.check(scene.now + 6, scene.reception, heard=counters(300, 250))

    assert reports == []
    assert standing == [(ANA, UnheardReason.CORRUPT)]
    assert scene.watch.unheard == {}
