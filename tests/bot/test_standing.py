"""What still stands from earlier Spaces."""

import pytest

from bot.standing import standing
from moderation.sanction import Action, Sanction
from moderation.store.cases import CaseRow

NOW = 1000.0


def case(action, *, user=2, until=None):
    """Return a case as the record keeps it."""
    return CaseRow(
        1, 10, user, action, 900.0, 5, 1, "", until, None, None, {"number": 1}
    )


@pytest.mark.parametrize(
    ("rows", "stands"),
    [
        ([], []),
        ([case("ban")], [Sanction(2, Action.BAN)]),
        ([case("ban", until=1001.0)], [Sanction(2, Action.BAN, 1001.0)]),
        ([case("ban", until=999.0)], []),
        ([case("ban"), case("unban")], []),
        ([case("ban"), case("unban"), case("ban")], [Sanction(2, Action.BAN)]),
        ([case("ban"), case("unban", user=3)], [Sanction(2, Action.BAN)]),
        ([case("mute")], []),
        ([case("mute", until=1001.0)], [Sanction(2, Action.MUTE, 1001.0)]),
        ([case("mute", until=1001.0), case("unmute")], []),
        ([case("remove"), case("warn"), case("note"), case("report")], []),
        (
            [case("ban"), case("mute", until=1001.0)],
            [Sanction(2, Action.BAN), Sanction(2, Action.MUTE, 1001.0)],
        ),
    ],
)
def test_the_newest_case_decides(rows, stands):
    """Bans outlive Spaces until lifted or over; mutes only with a time."""
    found = standing(rows, NOW)

    assert (list(found.sanctions) if found else []) == stands
