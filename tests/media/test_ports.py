"""The ports and what stands behind them."""

from media.opus import OpusDecoder
from media.ports import Decoder, Track, TrackFolder, Vad
from media.tracks import OggFolder
from media.vad import WebrtcVad
from tests.media.fakes import FakeDecoder, FakeFolder, FakeTrack, FakeVad, close


def members(port):
    """Return the public names that a port asks for."""
    return {name for name in vars(port) if not name.startswith("_")}


def test_real_things_and_fakes_have_what_the_ports_ask(tmp_path):
    """A fake that lacks a method would let a test pass that should not."""
    folder = OggFolder(tmp_path)
    track = folder.track(1)
    stands_for = {
        Decoder: [OpusDecoder(), FakeDecoder()],
        Vad: [WebrtcVad(), FakeVad()],
        Track: [track, FakeTrack()],
        TrackFolder: [folder, FakeFolder()],
    }

    missing = {
        (port.__name__, type(thing).__name__, name)
        for port, things in stands_for.items()
        for thing in things
        for name in members(port)
        if not hasattr(thing, name)
    }
    close(track, 0)
    folder.close()

    assert missing == set()
