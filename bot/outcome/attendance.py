"""Who was in a Space, as a table for spreadsheets: one row a person.

Times are UTC, durations seconds. Rule: what a member calls themself is never a formula.
"""

import csv
import datetime
import io

from bot.outcome.reading import Report
from bot.texts.escape import plain
from media.intervals import seconds

COLUMNS = (
    "member",
    "id",
    "host",
    "came",
    "left",
    "present_s",
    "listening_s",
    "talk_s",
    "talk_share",
    "turns",
    "hands",
    "asked_to_be_reminded",
)

FORMULA = ("=", "+", "-", "@")
"""Beginnings of a cell that a spreadsheet would calculate."""


def table(report: Report) -> bytes:
    """Return the table as CSV in UTF-8 with its mark, without which Excel guesses."""
    figures, opened_at = report.outcome.figures, report.space.opened_at
    talked = {one.user_id: one for one in report.talk.speakers}
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for user_id, stays in sorted(figures.stays.items(), key=lambda one: one[1]):
        talk = talked.get(user_id)
        rows.writerow(
            [
                _cell(report.names.get(user_id, "")),
                user_id if user_id > 0 else "",  # who was erased is a stand-in
                int(user_id in figures.staff),
                _moment(opened_at + stays[0][0]),
                _moment(opened_at + stays[-1][1]),
                round(seconds(stays)),
                round(seconds(report.talk.listening.get(user_id, ()))),
                round(talk.seconds, 1) if talk else 0,
                round(talk.share, 3) if talk else 0,
                len(talk.turns) if talk else 0,
                figures.raised.get(user_id, 0),
                int(user_id in report.wished),
            ]
        )
    return out.getvalue().encode("utf-8-sig")


def _cell(name: str) -> str:
    shown = plain(name, 100)
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def _moment(at: float) -> str:
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%Y-%m-%d %H:%M:%S}"
