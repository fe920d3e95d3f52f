"""What libraries may log."""

import logging

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def as_before():
    """Give every logger its level back."""
    loggers = [logging.getLogger(name) for name in ("", *logs.CHATTY)]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("DEBUG", "INFO"), ("INFO", "INFO"), ("ERROR", "ERROR")],
)
def test_libraries_are_never_louder_than_info_nor_than_us(ours, theirs):
    """What goes over the wire stays out of the log, and a quiet log stays quiet."""
    logging.getLogger().setLevel(ours)

    logs.hush()

    for name in logs.CHATTY:
        assert logging.getLogger(name).level == getattr(logging, theirs)
