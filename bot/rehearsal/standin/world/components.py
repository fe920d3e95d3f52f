"""Message components: checked as Discord checks them, numbered, and found again.

Discord, "Component Reference". With flag ``IS_COMPONENTS_V2`` a message is made of
components alone, at most 40 of them; without it, of at most five action rows.
"""

from collections.abc import Iterator

from bot.rehearsal.standin.refusals import Fault
from bot.rehearsal.standin.wire import Json

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = frozenset({3, 5, 6, 7, 8})
SECTION, TEXT_DISPLAY, SEPARATOR, CONTAINER, LABEL = 9, 10, 14, 17, 18
LINK = 5
"""The style of a button that opens a page and has no ``custom_id``."""
MOST_IN_ALL = 40
MOST_ROWS = 5
MOST_BUTTONS = 5
DEFAULTS: dict[int, Json] = {
    SEPARATOR: {"spacing": 1, "divider": True},
    CONTAINER: {"spoiler": False, "accent_color": None},
    13: {"spoiler": False},
    11: {"spoiler": False},
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
}


def every(components: list[Json]) -> Iterator[Json]:
    """Yield all components, outer before inner, in reading order."""
    for one in components:
        yield one
        yield from every(one.get("components") or [])
        for key in ("accessory", "component"):
            if one.get(key):
                yield from every([one[key]])


def numbered(components: list[Json]) -> list[Json]:
    """Return a copy in which each has an ``id`` and its type's defaults."""
    taken = {one["id"] for one in every(components) if one.get("id")}
    fresh = (number for number in range(1, 10_000) if number not in taken)
    return [_number(one, fresh) for one in components]


def _number(component: Json, fresh: Iterator[int]) -> Json:
    made = DEFAULTS.get(component.get("type", 0), {}) | _without_nulls(component)
    made["id"] = component.get("id") or next(fresh)
    if component.get("components"):
        made["components"] = [_number(one, fresh) for one in component["components"]]
    for key in ("accessory", "component"):
        if component.get(key):
            made[key] = _number(component[key], fresh)
    return made


def _without_nulls(part: Json) -> Json:
    kept = {key: one for key, one in part.items() if one is not None}
    if "emoji" in kept:
        kept["emoji"] = _without_nulls(kept["emoji"])
    if "options" in kept:
        kept["options"] = [_without_nulls(one) for one in kept["options"]]
    return kept


def faults(components: list[Json], *, v2: bool) -> list[Fault]:
    """Return what is wrong with the components of a message."""
    wrong = [] if v2 else _row_faults(components)
    if len(list(every(components))) > MOST_IN_ALL:
        words = f"Must be {MOST_IN_ALL} or fewer in length."
        wrong.append(Fault(("components",), "BASE_TYPE_BAD_LENGTH", words))
    seen: set[str] = set()
    for path, one in _walk(components, ("components",)):
        wrong += _own_faults(path, one)
        custom_id = one.get("custom_id")
        if custom_id in seen:
            code = "COMPONENT_CUSTOM_ID_DUPLICATED"
            words = "Component custom id cannot be duplicated"
            wrong.append(Fault((*path, "custom_id"), code, words))
        if custom_id is not None:
            seen.add(custom_id)
    return wrong


def _walk(
    components: list[Json], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    for index, one in enumerate(components):
        here = (*path, index)
        yield here, one
        yield from _walk(one.get("components") or [], (*here, "components"))


def _row_faults(components: list[Json]) -> list[Fault]:
    wrong: list[Fault] = []
    if len(components) > MOST_ROWS:
        words = f"Must be {MOST_ROWS} or fewer in length."
        wrong.append(Fault(("components",), "BASE_TYPE_MAX_LENGTH", words))
    for index, row in enumerate(components):
        if row.get("type") != ROW:
            words = 'Value of field "type" must be one of (1,).'
            wrong.append(
                Fault(("components", index, "type"), "UNION_TYPE_CHOICES", words)
            )
    return wrong


def _own_faults(path: tuple[str | int, ...], one: Json) -> list[Fault]:
    wrong: list[Fault] = []
    kind = one.get("type")
    inner = one.get("components") or []
    wide = any(other.get("type") in SELECTS for other in inner)
    if kind == ROW and not 1 <= len(inner) <= (1 if wide else MOST_BUTTONS):
        words = f"Must be between 1 and {MOST_BUTTONS} in length."
        wrong.append(Fault((*path, "components"), "BASE_TYPE_BAD_LENGTH", words))
    interactive = kind in SELECTS or (kind == BUTTON and one.get("style") not in (5, 6))
    if interactive and not 1 <= len(one.get("custom_id") or "") <= 100:
        words = "Must be between 1 and 100 in length."
        wrong.append(Fault((*path, "custom_id"), "BASE_TYPE_BAD_LENGTH", words))
    if kind == BUTTON and len(one.get("label") or "") > 80:
        words = "Must be 80 or fewer in length."
        wrong.append(Fault((*path, "label"), "BASE_TYPE_MAX_LENGTH", words))
    if kind == STRING_SELECT and not 1 <= len(one.get("options") or []) <= 25:
        words = "Must be between 1 and 25 in length."
        wrong.append(Fault((*path, "options"), "BASE_TYPE_BAD_LENGTH", words))
    return wrong


def find(components: list[Json], custom_id: str) -> Json | None:
    """Return the component with this ``custom_id``, if there is one."""
    found = (one for one in every(components) if one.get("custom_id") == custom_id)
    return next(found, None)
