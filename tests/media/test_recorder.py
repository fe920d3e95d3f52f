"""Whether somebody is recorded: consent, switch, failure."""

import pytest

from media import ogg
from media.heard import TrackStopped, TrackTrouble
from media.ports import TrackError
from media.recorder import Recorder
from media.stream import Gap
from media.track import OggTrack
from tests.media.fakes import FakeFolder, FakeTrack, LateFolder, PromptFolder, close
from tests.media.packets import SPEECH, packet, stretch


def placed(*slots, opus=SPEECH):
    return [stretch(slot, packet(slot, opus=opus)) for slot in slots]


@pytest.fixture
def folder():
    return FakeFolder()


@pytest.fixture
def recorder(folder):
    recorder = Recorder(1, folder)
    recorder.allow(True, 0, [])
    recorder.turn(True, 0, [])
    return recorder


def test_packets_and_losses_go_to_the_track(recorder, folder):
    """Each packet at its slot, each loss beside it."""
    recorder.take([*placed(5), Gap(6, 8, 2), *placed(8)], [])

    assert folder.tracks[1].written == [(5, SPEECH), (8, SPEECH)]
    assert folder.tracks[1].lost == [(6, 8, 2)]
    assert recorder.frames == 2


@pytest.mark.parametrize(("allowed", "on"), [(False, True), (True, False)])
def test_needs_both_consent_and_recording(folder, allowed, on):
    """Neither the member alone nor the host alone makes a recording."""
    recorder = Recorder(1, folder)
    recorder.allow(allowed, 0, [])
    recorder.turn(on, 0, [])

    recorder.take(placed(5), [])

    assert folder.tracks == {}


def test_without_a_folder_nothing_is_recorded():
    """A Space that cannot record says so elsewhere; here nothing happens."""
    recorder = Recorder(1, None)
    recorder.allow(True, 0, [])
    recorder.turn(True, 0, [])
    heard = []

    recorder.take(placed(5), heard)

    assert (heard, recorder.frames) == ([], 0)


@pytest.mark.parametrize("end", ["allow", "turn"])
def test_end_of_consent_or_recording_closes_the_track(recorder, folder, end):
    """The track is filled up to there and closed."""
    recorder.take(placed(5), [])

    getattr(recorder, end)(False, 9, [])
    recorder.take(placed(10), [])

    assert folder.tracks[1].closed_at == 9
    assert folder.tracks[1].written == [(5, SPEECH)]


def test_what_has_ended_can_be_given_up(recorder, folder):
    """Whoever takes it settles it: the end of the Space tells nothing of it."""
    recorder.take(placed(5), [])
    assert recorder.release() == []

    recorder.allow(False, 9, [])
    released = recorder.release()
    recorder.settle([])

    assert released == [folder.tracks[1]]
    assert not folder.tracks[1].settled
    assert recorder.release() == []


def test_withheld_packets_are_not_recorded(recorder, folder):
    """A packet without content leaves its slot silent."""
    recorder.take(placed(5, opus=b""), [])

    assert folder.tracks[1].written == []


def test_what_a_continued_file_holds_is_left_alone(recorder, folder):
    """After a restart nothing is written over."""
    folder.tracks[1] = FakeTrack(next_slot=7)

    recorder.take(placed(5), [])
    recorder.take([stretch(6, packet(6, opus=b"\x78held"), packet(7, opus=SPEECH))], [])

    assert folder.tracks[1].written == [(7, SPEECH)]
    assert recorder.frames == 1


def test_losses_that_a_continued_file_holds_are_not_listed_again(recorder, folder):
    """After a restart only what was lost since is."""
    folder.tracks[1] = FakeTrack(next_slot=7)

    recorder.take([Gap(4, 6, 2), *placed(6), Gap(7, 9, 2), *placed(9)], [])

    assert folder.tracks[1].lost == [(7, 9, 2)]


def test_a_loss_across_the_end_of_a_continued_file_is_listed_from_there(
    recorder, folder
):
    """What went missing while the bot was down is not kept from the list."""
    folder.tracks[1] = FakeTrack(next_slot=7)

    recorder.take([Gap(4, 12, 8), *placed(12)], [])

    assert folder.tracks[1].lost == [(7, 12, 5)]


def test_failing_write_stops_the_track(recorder, folder):
    """It is told once, with the system's reason, and nothing follows."""
    recorder.take(placed(5), [])
    folder.tracks[1].fails = True
    heard = []

    recorder.take(placed(6), heard)
    folder.tracks[1].fails = False
    recorder.take(placed(7), heard)
    recorder.allow(True, 8, heard)
    recorder.turn(True, 8, heard)
    recorder.take(placed(9), heard)

    assert heard == [TrackStopped(1, TrackTrouble.DISK, "No space left on device")]
    assert folder.tracks[1].written == [(5, SPEECH)]


@pytest.mark.parametrize("switch", ["allow", "turn"])
def test_what_is_turned_on_anew_is_tried_again(recorder, folder, switch):
    """Who frees the disk and records again has everybody; what fails again is told."""
    recorder.take(placed(5), [])
    folder.tracks[1].fails = True
    heard = []
    recorder.take(placed(6), heard)

    getattr(recorder, switch)(False, 9, heard)
    getattr(recorder, switch)(True, 9, heard)
    recorder.take(placed(10), heard)
    folder.tracks[1].fails = False
    getattr(recorder, switch)(False, 12, heard)
    getattr(recorder, switch)(True, 12, heard)
    recorder.take(placed(13), heard)

    assert len(heard) == 2
    assert folder.tracks[1].written == [(5, SPEECH), (13, SPEECH)]


def test_what_the_disk_refuses_at_the_end_is_told_when_all_is_over(recorder, folder):
    """Ending does not wait for the disk; settling does, for every track that ended."""
    recorder.take(placed(5), [])
    first = folder.tracks.pop(1)
    first.refuses = True
    heard = []

    recorder.turn(False, 9, heard)
    recorder.turn(True, 9, heard)
    recorder.take(placed(10), heard)
    recorder.turn(False, 12, heard)
    assert heard == []
    recorder.settle(heard)

    assert heard == [TrackStopped(1, TrackTrouble.REFUSED, "Input/output error")]
    assert first.settled
    assert folder.tracks[1].settled


def test_a_deleted_file_stops_one_speaker(tmp_path):
    """The other's track goes on; recorded anew, the first has one that lines up."""
    folder, heard = PromptFolder(tmp_path, sync_every_s=999), []
    both = [Recorder(user_id, folder) for user_id in (1, 2)]
    for recorder in both:
        recorder.allow(True, 0, heard)
        recorder.turn(True, 0, heard)
        recorder.take(placed(*range(50)), heard)
    (tmp_path / "1.opus").unlink()
    for track in folder._tracks:
        track.sync()

    for recorder in both:
        recorder.take(placed(*range(50, 100)), heard)
    told = list(heard)
    for recorder in both:
        recorder.turn(False, 100, heard)
        recorder.turn(True, 100, heard)
        recorder.take(placed(*range(100, 150)), heard)
        recorder.turn(False, 150, heard)
        recorder.settle(heard)
    folder.close()

    why = "1.opus: No such file or directory"
    assert told == heard == [TrackStopped(1, TrackTrouble.GONE, why)]
    again, other = (OggTrack(tmp_path / f"{one}.opus", one) for one in (1, 2))
    assert again.next_slot == other.next_slot == 150
    for track in (again, other):
        close(track, 150)


def test_failing_flush_stops_the_track(recorder, folder):
    """The pause after the voice is where a full disk shows."""
    recorder.take(placed(5), [])
    folder.tracks[1].fails = True
    heard = []

    recorder.pause(heard)

    assert heard == [TrackStopped(1, TrackTrouble.DISK, "No space left on device")]


def test_track_that_cannot_be_opened():
    """A missing directory is a stopped track, not an exception."""

    class Refusing(FakeFolder):
        def track(self, user_id):
            raise TrackError("Permission denied")

    recorder = Recorder(1, Refusing())
    recorder.allow(True, 0, [])
    recorder.turn(True, 0, [])
    heard = []

    recorder.take(placed(5), heard)

    assert heard == [TrackStopped(1, TrackTrouble.REFUSED, "Permission denied")]


class SlowFolder(FakeFolder):
    """A disk that needs some time for the first file."""

    def __init__(self, asked):
        super().__init__()
        self.asked = asked
        self.abandoned = []

    def ready(self, user_id):
        self.asked -= 1
        return self.track(user_id) if self.asked < 0 else None

    def abandon(self, user_id):
        self.abandoned.append(user_id)


def recording(folder):
    recorder = Recorder(1, folder)
    recorder.allow(True, 0, [])
    recorder.turn(True, 0, [])
    return recorder


def test_packets_wait_for_a_slow_disk():
    """Nothing that came before the file was open is missing in it."""
    folder = SlowFolder(asked=2)
    recorder = recording(folder)

    recorder.take(placed(5), [])
    recorder.take([Gap(6, 8, 2), *placed(8)], [])
    before = recorder.frames
    recorder.take(placed(9), [])

    assert before == 0
    assert folder.tracks[1].written == [(5, SPEECH), (8, SPEECH), (9, SPEECH)]
    assert folder.tracks[1].lost == [(6, 8, 2)]
    assert recorder.frames == 3


def test_nobody_waits_for_a_slow_disk(tmp_path):
    """What was said until the end, and since it goes on, is in one file."""
    folder, heard = LateFolder(tmp_path), []
    recorder = recording(folder)

    recorder.take(placed(5), heard)
    recorder.turn(False, 6, heard)
    recorder.turn(True, 6, heard)
    recorder.take(placed(8), heard)
    recorder.turn(False, 9, heard)
    folder.open_now.set()
    recorder.settle(heard)
    folder.close()

    pages = list(ogg.pages((tmp_path / "1.opus").read_bytes()))
    sound = [opus for page in pages[2:] for opus in page.packets]
    assert heard == []
    assert [n for n, opus in enumerate(sound) if opus == SPEECH] == [5, 8]
    assert len(sound) == 9
    assert recorder.frames == 2


def test_what_a_slow_disk_has_not_opened_can_be_given_up(tmp_path):
    """Whoever deletes the file waits until nobody is going to make it any more."""
    folder = LateFolder(tmp_path)
    recorder = recording(folder)
    recorder.take(placed(5), [])

    recorder.allow(False, 6, [])
    (released,) = recorder.release()
    before = (tmp_path / "1.opus").exists()
    folder.open_now.set()
    released.settle()
    folder.close()

    assert not before
    assert (tmp_path / "1.opus").exists()
    assert all(track.is_closed for track in folder._tracks)


def test_what_a_slow_disk_refuses_is_told_when_all_is_over(tmp_path):
    """The recording had ended before the disk said so."""
    folder, heard = LateFolder(tmp_path / "tracks"), []
    folder.directory.write_text("in the way")
    recorder = recording(folder)
    recorder.take(placed(5), heard)

    recorder.turn(False, 6, heard)
    folder.open_now.set()
    recorder.settle(heard)
    folder.close()

    assert [fact.trouble for fact in heard] == [TrackTrouble.FOLDER]


def test_disk_that_never_opens_the_file_stops_the_track():
    """A minute of packets is kept; then it is said, once."""
    folder = SlowFolder(asked=9999)
    recorder = recording(folder)
    heard = []

    for slot in range(3200):
        recorder.take(placed(slot), heard)

    why = "the disk does not open the track"
    assert heard == [TrackStopped(1, TrackTrouble.SLOW, why)]
    assert folder.abandoned == [1]
    assert recorder.frames == 0
