"""Filling in a modal, as a person does: by the ``custom_id`` of its inputs."""

from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.components import TEXT_INPUT, every

LISTS = frozenset({3, 5, 6, 7, 8, 19, 22})
"""Inputs whose answer is a list of ``values``."""
INPUTS = LISTS | {TEXT_INPUT, 21, 23}


def fill(modal: Json, values: Json) -> Json:
    """Return the ``data`` of the submit.

    Raises:
        MemberError: an input that is not there, missing, too short or too long.

    """
    inputs = {
        one["custom_id"]: one for one in every(modal["components"]) if _input(one)
    }
    strange = set(values) - set(inputs)
    if strange:
        known = ", ".join(inputs)
        raise MemberError(f"the modal has no {', '.join(strange)}; it has {known}")
    return {
        "custom_id": modal["custom_id"],
        "components": [
            _answered(one, values) for one in modal["components"] if _holds(one)
        ],
    }


def _input(component: Json) -> bool:
    return component.get("type") in INPUTS


def _holds(component: Json) -> bool:
    return any(_input(one) for one in every([component]))


def _answered(component: Json, values: Json) -> Json:
    made: Json = {"type": component["type"], "id": component.get("id", 0)}
    if component.get("components"):
        made["components"] = [_answered(one, values) for one in component["components"]]
        return made
    if component.get("component"):
        made["component"] = _answered(component["component"], values)
        return made
    name = component["custom_id"]
    value = values.get(name, component.get("value"))
    made["custom_id"] = name
    if component["type"] in LISTS:
        made["values"] = [] if value is None else list(value)
    else:
        made["value"] = "" if value is None else value
    _check(component, made)
    return made


def _check(component: Json, made: Json) -> None:
    given = made.get("values", made.get("value"))
    name = component["custom_id"]
    if component.get("required", True) and given in ("", []):
        raise MemberError(f"the modal needs {name}")
    least, most = component.get("min_length") or 0, component.get("max_length") or 4000
    long = len(str(given))
    if component["type"] == TEXT_INPUT and given and not least <= long <= most:
        raise MemberError(f"{name} must have {least} to {most} characters")
