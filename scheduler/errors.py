"""What can go wrong with plans and times, each defined beside the rule that raises it.

The tree::

    SchedulerError
    ├── PlanRefused     scheduler.plans
    └── NotATime        scheduler.when
"""


class SchedulerError(Exception):
    """Base of every error of this package."""
