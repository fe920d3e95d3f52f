"""Formats: what kind of Space it is, as a set of defaults over the same rules.

A format is data. Nothing in the rules asks which one a Space started from, and a host
may change every choice afterwards.
"""

from collections.abc import Mapping
from dataclasses import replace

from moderation.requests import QueueMode
from moderation.settings import Format, SpaceSettings

OPEN_TALK = SpaceSettings()

FORMATS: Mapping[Format, SpaceSettings] = {
    Format.OPEN_TALK: OPEN_TALK,
    Format.INTERVIEW: replace(
        OPEN_TALK,
        format=Format.INTERVIEW,
        cap=4,
        approve_questions=True,
    ),
    Format.PANEL: replace(
        OPEN_TALK,
        format=Format.PANEL,
        cap=8,
        queue_mode=QueueMode.FAIR,
        turn_s=180.0,
    ),
    Format.DEBATE: replace(
        OPEN_TALK,
        format=Format.DEBATE,
        cap=6,
        queue_mode=QueueMode.SIDES,
        sides=("for", "against"),
        turn_s=120.0,
        auto_end=True,
        own_extensions=0,
    ),
    Format.QA: replace(
        OPEN_TALK,
        format=Format.QA,
        cap=4,
        turn_s=90.0,
        own_extensions=0,
        approve_questions=True,
    ),
    Format.LAUNCH: replace(
        OPEN_TALK,
        format=Format.LAUNCH,
        cap=5,
        turn_s=120.0,
        slow_queue_s=120.0,
        approve_questions=True,
    ),
    Format.NETWORKING: replace(
        OPEN_TALK,
        format=Format.NETWORKING,
        cap=6,
        queue_mode=QueueMode.ROUNDS,
        turn_s=60.0,
        auto_end=True,
        auto_call=True,
        own_extensions=0,
        request_kinds=False,
    ),
}
"""The defaults of each format."""


def settings_for(
    format: Format,
    house: SpaceSettings = OPEN_TALK,
) -> SpaceSettings:
    """Return a format's defaults on top of the house's own.

    ``house`` comes from the configuration; what a format says itself wins, what it
    leaves as it is comes from the house.
    """
    chosen = FORMATS[format]
    own = {
        name: getattr(chosen, name)
        for name in SpaceSettings.__dataclass_fields__
        if getattr(chosen, name) != getattr(OPEN_TALK, name)
    }
    return replace(house, **own)
