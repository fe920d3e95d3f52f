"""Any recording → 16 kHz mono PCM, by ffmpeg.

Edge: runs ffmpeg and reads files. Untrusted input: only local files are opened,
whatever a playlist inside them asks for.
"""

from media.decode.ffmpeg import FfmpegError, find_ffmpeg

__all__ = ["FfmpegError", "find_ffmpeg"]
