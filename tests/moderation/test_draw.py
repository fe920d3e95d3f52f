"""Drawing by lot."""

from moderation.draw import draw


def test_a_lot_is_a_fact():
    """The same on every machine, for a journal outlives the machine."""
    assert draw(1, 2, 3) == 0.9649101454689912


def test_lots_are_spread_evenly():
    """Everybody has the same chance."""
    lots = [draw(0, user_id, 0) for user_id in range(4000)]

    assert all(0.0 <= lot < 1.0 for lot in lots)
    assert abs(sum(lots) / len(lots) - 0.5) < 0.02
    assert len(set(lots)) == len(lots)


def test_seed_member_and_turns_all_matter():
    """A new turn is a new lot; a new hand is not asked."""
    lots = {draw(1, 1, 1), draw(2, 1, 1), draw(1, 2, 1), draw(1, 1, 2)}

    assert len(lots) == 4
