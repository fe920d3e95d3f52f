"""Talk spurts: onset, pauses, hangover, splits, cuts; what is talk, what is sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.heard import SpurtClosed, SpurtEnded, SpurtStarted
from media.spurts import Spurts, SpurtSettings

FRAME = 640


def run(pattern, *, batch=3, settings=None, pcm=True, start=0):
    """Hear ``(frames, is talk)`` pairs from ``start`` on; return what was told."""
    spurts = Spurts(1, settings or SpurtSettings())
    talk = [active for frames, active in pattern for _ in range(frames)]
    heard = []
    for at in range(0, len(talk), batch):
        part = talk[at : at + batch]
        sound = b"".join(
            (start + at + i).to_bytes(2, "little") * (FRAME // 2)
            for i in range(len(part))
        )
        spurts.hear(start + at, part, sound if pcm else b"", heard)
    return heard, spurts


def ended(heard):
    return [fact.spurt for fact in heard if isinstance(fact, SpurtEnded)]


def test_spurt_from_onset_to_hangover():
    """It is told when it begins, and whole when the pause has been long enough."""
    heard, _ = run([(50, False), (100, True), (40, False)])

    assert heard[0] == SpurtStarted(1, 1.0)
    (spurt,) = ended(heard)
    assert (spurt.start, spurt.end, spurt.talk) == (1.0, 3.0, ((1.0, 3.0),))
    assert spurt.closed is SpurtClosed.PAUSE
    assert spurt.talk_s == pytest.approx(2.0)


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_click_is_no_spurt(frames):
    """Less than the onset is a key, a breath, a cough."""
    heard, _ = run([(20, False), (frames, True), (50, False)] * 3)

    assert heard == []


def test_onset_survives_one_frame_of_doubt():
    """A voice may break for a frame as it sets in."""
    heard, _ = run([(10, False), (2, True), (1, False), (50, True), (40, False)])

    assert ended(heard)[0].start == 0.2


@pytest.mark.parametrize(("pause", "intervals"), [(1, 1), (10, 1), (11, 2), (25, 2)])
def test_pause_up_to_a_fifth_of_a_second_is_talk(pause, intervals):
    """0.2 s inside speech counts, 0.22 s does not; the spurt is one either way."""
    heard, _ = run([(50, True), (pause, False), (50, True), (40, False)])

    (spurt,) = ended(heard)
    assert len(spurt.talk) == intervals
    total = 2.0 + (pause / 50 if intervals == 1 else 0)
    assert spurt.talk_s == pytest.approx(total)


def test_pause_of_the_hangover_ends_the_spurt():
    """Two spurts with 0.6 s between."""
    heard, _ = run([(50, True), (30, False), (50, True), (30, False)])

    assert [spurt.start for spurt in ended(heard)] == [0.0, 1.6]


@pytest.mark.parametrize(
    ("talk", "hole", "closed"),
    [
        (50, 29, []),
        (50, 30, [SpurtClosed.PAUSE]),
        (800, 10, []),
        (800, 11, [SpurtClosed.SPLIT]),
    ],
)
def test_a_pause_in_which_nothing_came_and_nobody_looked(talk, hole, closed):
    """Packets from before and after it, fed late and together: it is a pause still."""
    heard, spurts = run([(talk, True)])
    spurts.hear(talk + hole, [True] * 50, bytes(50 * FRAME), heard)

    assert [spurt.closed for spurt in ended(heard)] == closed
    assert [spurt.end for spurt in ended(heard)] == [talk / 50] * len(closed)
    spurts.cut(talk + hole + 50, heard)
    assert ended(heard)[-1].start == ((talk + hole) / 50 if closed else 0.0)


def test_sound_begins_before_talk_and_ends_after():
    """Recognition gets 0.3 s before and 0.2 s after; the figures do not."""
    heard, _ = run([(100, False), (50, True), (60, False)])

    (spurt,) = ended(heard)
    assert spurt.pcm_start == 1.7
    assert len(spurt.pcm) == FRAME * (15 + 50 + 10)
    assert spurt.pcm[:2] == (85).to_bytes(2, "little")


def test_sound_keeps_its_place_over_a_hole():
    """Frames that never came are zeros: what follows is where it was."""
    spurts, heard = Spurts(1, SpurtSettings()), []
    spurts.hear(0, [True] * 20, b"\x01" * FRAME * 20, heard)
    spurts.lose(3)
    spurts.hear(23, [True] * 20, b"\x02" * FRAME * 20, heard)
    spurts.idle(100, heard)

    (spurt,) = ended(heard)
    assert spurt.pcm[20 * FRAME : 23 * FRAME] == bytes(3 * FRAME)
    assert spurt.pcm[23 * FRAME] == 2
    assert spurt.lost_frames == 3
    assert spurt.talk == ((0.0, 0.86),)


def test_long_speech_is_split_at_a_pause():
    """From 15 s on a pause of 0.2 s is enough."""
    heard, _ = run([(800, True), (12, False), (200, True), (40, False)])

    first, second = ended(heard)
    assert (first.end, first.closed) == (16.0, SpurtClosed.SPLIT)
    assert (second.start, second.closed) == (16.24, SpurtClosed.PAUSE)


def test_speech_without_a_pause_is_split_at_the_limit():
    """At 28 s, and the next spurt begins where the first one ends."""
    heard, _ = run([(2000, True), (40, False)])

    first, second = ended(heard)
    assert (first.start, first.end) == (0.0, 28.0)
    assert (second.start, second.end) == (28.0, 40.0)
    assert second.pcm_start == 28.0
    assert len(first.pcm) == 28 * 50 * FRAME


def test_end_of_speech_just_after_a_split():
    """A split does not make a spurt out of nothing."""
    heard, _ = run([(1400, True), (100, False)])

    assert len(ended(heard)) == 1


def test_cut_ends_the_spurt_there():
    """What came after being muted is not talk."""
    heard, spurts = run([(50, True)])

    spurts.cut(40, heard)

    (spurt,) = ended(heard)
    assert (spurt.talk, spurt.closed) == (((0.0, 0.8),), SpurtClosed.CUT)
    assert len(spurt.pcm) <= 40 * FRAME


def test_cut_before_all_talk():
    """A spurt that was told as begun is told as ended, without talk."""
    heard, spurts = run([(50, False), (10, True)])

    spurts.cut(20, heard)

    (spurt,) = ended(heard)
    assert (spurt.talk, spurt.talk_s) == ((), 0)


def test_cut_in_silence_tells_nothing():
    """There is nothing to end."""
    heard, spurts = run([(50, False)])

    spurts.cut(50, heard)

    assert heard == []


def test_packets_that_stop_end_the_spurt():
    """Self-mute stops the packets; time passing is a pause."""
    heard, spurts = run([(50, True)])

    spurts.idle(79, heard)
    assert ended(heard) == []
    spurts.idle(80, heard)

    assert ended(heard)[0].end == 1.0


def test_without_sound_there_is_talk_all_the_same():
    """Who has not consented has talk time and no pcm."""
    heard, _ = run([(50, True), (40, False)], pcm=False)

    (spurt,) = ended(heard)
    assert (spurt.talk, spurt.pcm) == (((0.0, 1.0),), b"")


def test_memory_is_bounded_in_silence():
    """An hour of silence is not kept."""
    _, spurts = run([(5000, False)])

    assert spurts._reel.end - spurts._reel.start < 60


@given(
    st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=30),
    st.integers(1, 40),
)
def test_batches_do_not_matter_and_intervals_are_in_order(pattern, batch):
    """However frames are grouped, the spurts are the same: ordered and disjoint."""
    heard, spurts = run([*pattern, (60, False)], batch=batch)
    same, _ = run([*pattern, (60, False)], batch=7)

    assert ended(heard) == ended(same)
    assert not spurts.is_talking
    starts = sum(isinstance(fact, SpurtStarted) for fact in heard)
    assert starts == len(ended(heard))
    edges = [edge for spurt in ended(heard) for pair in spurt.talk for edge in pair]
    assert edges == sorted(edges)
    assert all(end > start for s in ended(heard) for start, end in s.talk)
    assert spurts.talk_s == pytest.approx(sum(s.talk_s for s in ended(heard)))
    assert spurts.talk_s <= sum(frames for frames, _ in pattern) / 50
    for spurt in ended(heard):
        assert spurt.pcm_start <= spurt.start
        assert spurt.pcm_start + len(spurt.pcm) / 32_000 >= spurt.end - 1e-9


def test_a_growing_spurt_tells_what_was_said_so_far():
    """Under the start that its line will have, each time there is enough new talk."""
    _, spurts = run([(50, False), (60, True)])
    heard = []
    spurts.tell(heard)
    sound = b"\1\0" * (FRAME // 2) * 60
    for slot in (110, 170):
        spurts.hear(slot, [True] * 60, sound, heard)
        spurts.tell(heard)
        spurts.tell(heard)

    assert [(one.start, one.end) for one in heard] == [(1.0, 3.4)]
    assert heard[0].pcm_start == pytest.approx(0.7)
    assert len(heard[0].pcm) == round((3.4 - 0.7) * 50) * FRAME


def test_nothing_grows_in_silence_or_without_sound():
    """Without consent there is no sound, and so nothing to recognise early."""
    heard = []
    for told in (run([(50, False)]), run([(300, True)], pcm=False)):
        told[1].tell(heard)

    assert heard == []


SLOTS = 20
ONSET = 5
stretches = st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=40)


def told_of(spurts, at, following):
    """Return what begins in these frames, and what ends before the last five."""
    ends, begins = [], []
    spurts.hear(at, following[:-ONSET], b"", ends)
    spurts.hear(at + SLOTS - ONSET, following[-ONSET:], b"", begins)
    return ends + [fact for fact in begins if isinstance(fact, SpurtStarted)]


@given(stretches, st.lists(st.booleans(), min_size=SLOTS, max_size=SLOTS))
def test_a_spurt_that_lasts_goes_on_whatever_comes(pattern, following):
    """Nothing begins until the slot that was asked about, and ends an onset before."""
    settings = SpurtSettings(split_after_s=3.0, split_at_s=4.0)
    _, spurts = run(pattern, settings=settings)
    end = sum(frames for frames, _ in pattern)
    lasts = spurts.lasts(end + SLOTS)

    assert not (lasts and told_of(spurts, end, following))


@pytest.mark.parametrize("pause", range(40))
def test_no_spurt_begins_after_one_that_lasts(pause):
    """However long the pause is in which one asks, and whenever talk comes again."""
    for quiet in range(SLOTS + 1):
        _, spurts = run([(40, True), (pause, False)])
        lasts = spurts.lasts(40 + pause + SLOTS)
        following = [False] * quiet + [True] * (SLOTS - quiet)

        assert not (lasts and told_of(spurts, 40 + pause, following))


@pytest.mark.parametrize(
    ("pattern", "lasts"),
    [
        ([(40, False)], False),
        ([(40, True)], True),
        ([(40, True), (14, False)], True),
        ([(40, True), (15, False)], False),
        ([(729, True)], True),
        ([(730, True)], False),
    ],
    ids=["silence", "talk", "short pause", "pause", "before a split", "split due"],
)
def test_which_spurts_last(pattern, lasts):
    """Within 0.4 s neither hangover and onset (0.7 s) nor 15 s may be reached."""
    _, spurts = run(pattern)

    assert spurts.lasts(sum(frames for frames, _ in pattern) + SLOTS) is lasts
