"""The timetable: everything to come, the earliest first."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.reminders import Kind
from scheduler.sends import Send
from scheduler.timetable import Timetable


def send(key, due_at, plan_id=1):
    return Send(key=key, plan_id=plan_id, kind=Kind.HOST, due_at=due_at, starts_at=0.0)


def test_changed_plan_replaces_its_messages():
    """What a plan no longer calls for is not sent; other plans stay."""
    table = Timetable()
    table.put(1, [send("a", 10), send("b", 20)], done=())
    table.put(2, [send("c", 15, plan_id=2)], done=())

    table.put(1, [send("a", 30)], done=())

    assert table.next_at() == 15
    assert [s.key for s in table.take_due(100)] == ["c", "a"]
    assert (table.next_at(), len(table)) == (None, 0)


def test_what_is_done_is_not_put_again():
    """A message that was claimed before a restart does not come back."""
    table = Timetable()

    table.put(1, [send("a", 10), send("b", 20)], done={"a"})

    assert [s.key for s in table.take_due(100)] == ["b"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 50)), max_size=40))
def test_everything_comes_out_once_and_in_order(entries):
    """However plans are put, the table hands out the last version of each, in time."""
    table, expected = Timetable(), {}
    for n, (plan_id, due) in enumerate(entries):
        calls = [send(f"{plan_id}/{n}", float(due), plan_id)]
        table.put(plan_id, calls, done=())
        expected[plan_id] = calls[0]

    out = [s for now in range(51) for s in table.take_due(float(now))]

    assert sorted(out, key=lambda s: s.key) == sorted(
        expected.values(), key=lambda s: s.key
    )
    assert [s.due_at for s in out] == sorted(s.due_at for s in out)
