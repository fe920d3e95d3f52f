"""How plans stand with their events, as far as this process has seen. Pure.

It spares questions and nothing else: what it has forgotten is looked at anew.
"""

from bot.planning.mirror import Seen, shape
from scheduler.plans import Plan

State = tuple[str, ...]


class Standing:
    """Which plans agree with their event, which were refused, what was tried."""

    def __init__(self) -> None:
        self._settled: dict[int, State] = {}
        """How a plan was when it last agreed with its event."""

        self._refused: dict[int, State] = {}
        """What a plan wanted when Discord refused it: not asked for at every hint."""

        self._tried: dict[int, tuple[State, Seen | None]] = {}
        """What the last step was taken on, so that none is taken for ever."""

        self._touched: set[int] = set()
        """Whose event was touched since it was last asked whether they agree."""

    def has_nothing_to_do(self, plan: Plan) -> bool:
        """Say whether the plan, as it is now, agrees or was refused."""
        if plan.id in self._touched:
            self._touched.remove(plan.id)
            self._settled.pop(plan.id, None)
            self._refused.pop(plan.id, None)
        state = _state(plan)
        return state in (self._settled.get(plan.id), self._refused.get(plan.id))

    def settle(self, plan: Plan) -> None:
        """Note that plan and event agree."""
        self._settled[plan.id] = _state(plan)
        self._refused.pop(plan.id, None)
        self._tried.pop(plan.id, None)

    def refuse(self, plan: Plan) -> None:
        """Note that Discord does not take what the plan wants."""
        self._refused[plan.id] = _state(plan)

    def same_as_last(self, plan: Plan, seen: Seen | None) -> bool:
        """Say whether both are as at the last step, and note how they are."""
        tried = (_state(plan), seen)
        same = self._tried.get(plan.id) == tried
        self._tried[plan.id] = tried
        return same

    def touch(self, plan_id: int) -> None:
        """Note that somebody touched the event: what is known of it is too old.

        That goes, too, for what a step that is under way now will note in the end.
        """
        self._touched.add(plan_id)


def _state(plan: Plan) -> State:
    kept = (*shape(plan).as_kept(), plan.state.value, str(plan.event_id))
    return (*kept, *plan.agenda)
