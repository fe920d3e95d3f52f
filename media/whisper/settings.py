"""How speech is recognised: which model, on what, and when to give way.

The defaults are those of a small server without a graphics card: two recognitions
at once on one thread each give 1.7 times the throughput of one on two threads, and
decoding without search costs a fraction of beam search for the live line.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """What the person who runs the bot can choose."""

    model: str = "base"
    """faster-whisper name, hub id or directory; "" switches transcription off."""
    smaller_model: str = ""
    """Model to fall back to when the first is too slow; "" has none."""
    final_model: str = ""
    """Model of the better pass after the Space; "" is the live one."""
    final_pass: bool = True
    """Recognise recorded voices once more after the Space, when there is time."""
    models_dir: str = ""
    """Where fetched models lie; "" is the hub's own cache."""
    device: str = "cpu"
    """"cpu" or "cuda"."""
    compute_type: str = "int8"
    """CTranslate2 number format: int8, int8_float16, float16, float32."""
    workers: int = 2
    """Recognitions at once."""
    threads: int = 1
    """CPU threads of each recognition."""
    batch_windows: int = 1
    """Windows of several speakers in one call; more than 1 pays on a GPU only."""
    use_hotwords: bool = True
    """Whether topic and names are given to the model as likely words."""
    live_beam: int = 5
    """Beam width of live lines; encoding dominates, so 5 costs a twentieth more."""
    final_beam: int = 5
    """Beam width of the pass after the Space."""
    window_s: float = 20.0
    """Longest window of joined utterances, seconds. The encoder always sees 30, but a
    small model begins to skip sentences when a window is full of short ones."""
    fresh_s: float = 20.0
    """A live line older than this waits behind younger ones, seconds."""
    max_queued_s: float = 1800.0
    """Most sound that may wait, seconds (32 kB each)."""
    hang_s: float = 120.0
    """A recognition that takes longer is taken for dead, seconds."""
    load_s: float = 600.0
    """A worker that takes longer to load the model is taken for dead, seconds."""
    slow_lag_s: float = 10.0
    """Lag at which a smaller model takes over, seconds."""
    hopeless_lag_s: float = 30.0
    """Lag at which live lines are given up, seconds."""
