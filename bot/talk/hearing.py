"""The hearing chain of one Space, with its real decoder, detector and tracks."""

from pathlib import Path

from bot.house import House
from media.hearing import Hearing
from media.opus import OpusDecoder
from media.tracks import OggFolder
from media.vad import WebrtcVad
from moderation.store.spaces import SpaceRow


def new_hearing(house: House, row: SpaceRow) -> Hearing:
    """Return a chain that records into the Space's folder."""
    tracks = None
    if row.folder is not None:
        folder = Path(row.folder) / "tracks"
        folder.mkdir(parents=True, exist_ok=True)
        tracks = OggFolder(folder)
    return Hearing(
        house.config.hearing, tracks=tracks, new_decoder=OpusDecoder, new_vad=WebrtcVad
    )
