"""The words of cases as they stand in journals."""

from moderation.sanction import Action, Sanction


def test_actions_in_journals_are_never_changed():
    """New ones may come; these stay."""
    stable = {"warn", "mute", "unmute", "remove", "ban", "unban", "note", "report"}

    assert stable <= {action.value for action in Action}


def test_without_a_time_it_stands_for_good():
    """A mute until the Space ends, a ban for ever."""
    assert Sanction(1, Action.BAN).until is None
