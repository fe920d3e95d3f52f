"""``tertulia analyze``: the same hearing and the same rules over files, offline.

    tracks ─ decode ─ talk spurts ─┬─ talk time
                                   └─ words ─┐
    transcript ──────────────────────────────┴─ drift

A transcript alone is enough for drift.
"""

from bot.analyze.command import analyze

__all__ = ["analyze"]
