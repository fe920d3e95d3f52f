"""Speech recognition: a bounded queue in front of faster-whisper in a child process."""
