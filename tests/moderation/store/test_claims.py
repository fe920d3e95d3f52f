"""Keys that are claimed once and for ever."""

import pytest

from moderation.store import claims, errands, sends
from moderation.store.errands import ErrandRow
from moderation.store.sends import SendRow


def a_send(key):
    return SendRow(
        key=key,
        plan_id=1,
        kind="k",
        due_at=1.0,
        state="claimed",
        nonce="",
        claimed_at=2,
    )


def an_errand(key):
    return ErrandRow(
        key=key,
        plan_id=1,
        guild_id=1,
        kind="k",
        step="s",
        target=2,
        due_at=1.0,
        starts_at=3.0,
        sequence=0,
        state="claimed",
        nonce="",
        claimed_at=2.0,
    )


@pytest.mark.parametrize(
    ("table", "make", "ledger"),
    [("sends", a_send, sends), ("errands", an_errand, errands)],
)
def test_a_key_is_claimed_once(db, table, make, ledger):
    """Whoever comes second gets nothing of it, and the first row stands."""
    db.execute("PRAGMA foreign_keys = OFF")

    assert claims.claim(db, table, [make("a"), make("b"), make("a")]) == ["a", "b"]
    assert ledger.claim(db, [make("b"), make("c")]) == ["c"]
    assert ledger.of_plan(db, 1) == [make("a"), make("b"), make("c")]
