"""Fixtures of the stand-in's tests."""

from tests.bot.rehearsal.standin.worlds import place

__all__ = ["place"]
