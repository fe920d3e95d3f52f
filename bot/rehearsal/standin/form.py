"""Reading a request body field by field, collecting everything that is wrong with it.

Ask for fields, then call ``check()``: it raises one 50035 that names all faults,
with the codes Discord uses (API Reference, "Error Messages").
"""

from collections.abc import Collection
from typing import Any

from bot.rehearsal.standin.refusals import Fault, Refusal, invalid_form
from bot.rehearsal.standin.wire import Json, moment


class Form:
    """One JSON body under examination."""

    def __init__(self, body: object, path: tuple[str | int, ...] = ()) -> None:
        if not isinstance(body, dict):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        self.body: Json = body
        self._path = path
        self.faults: list[Fault] = []

    def has(self, key: str) -> bool:
        """Say whether the field was sent at all, even as null."""
        return key in self.body

    def fault(self, key: str, code: str, message: str) -> None:
        """Note that a field is wrong."""
        self.faults.append(Fault((*self._path, key), code, message))

    def check(self) -> None:
        """Refuse the body if any field asked for was wrong."""
        if self.faults:
            raise invalid_form(*self.faults)

    def text(
        self, key: str, *, least: int = 0, most: int = 6000, required: bool = False
    ) -> str | None:
        """Read a string of ``least`` to ``most`` characters."""
        value = self._present(key, required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(key, "STRING_TYPE_CONVERT", "Could not interpret as string.")
            return None
        if least and not least <= len(value) <= most:
            words = f"Must be between {least} and {most} in length."
            self.fault(key, "BASE_TYPE_BAD_LENGTH", words)
        elif len(value) > most:
            words = f"Must be {most} or fewer in length."
            self.fault(key, "BASE_TYPE_MAX_LENGTH", words)
        return value

    def integer(
        self, key: str, least: int, most: int, *, required: bool = False
    ) -> int | None:
        """Read a whole number of ``least`` to ``most``."""
        value = self._present(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if value < least:
            words = f"int value should be greater than or equal to {least}."
            self.fault(key, "NUMBER_TYPE_MIN", words)
        elif value > most:
            words = f"int value should be less than or equal to {most}."
            self.fault(key, "NUMBER_TYPE_MAX", words)
        return value

    def choice(
        self, key: str, among: Collection[int], *, required: bool = False
    ) -> int | None:
        """Read a number that is one of ``among``."""
        value = self._present(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or value not in among:
            allowed = ", ".join(str(one) for one in sorted(among))
            words = f"Value must be one of {{{allowed}}}."
            self.fault(key, "BASE_TYPE_CHOICES", words)
            return None
        return int(value)

    def flag(self, key: str) -> bool | None:
        """Read a boolean."""
        value = self.body.get(key)
        if value is not None and not isinstance(value, bool):
            self.fault(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return None
        return value

    def snowflake(self, key: str, *, required: bool = False) -> int | None:
        """Read an id, sent as a string or as a number."""
        value = self._present(key, required)
        if value is None:
            return None
        digits = isinstance(value, str) and value.isdecimal()
        if digits or (isinstance(value, int) and not isinstance(value, bool)):
            return int(value)
        self.fault(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return None

    def snowflakes(self, key: str) -> list[int] | None:
        """Read a list of ids."""
        value = self.body.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            self.fault(key, "LIST_TYPE_CONVERT", "Only iterables may be used.")
            return None
        return [int(one) for one in value if str(one).isdecimal()]

    def moment(self, key: str, *, required: bool = False) -> float | None:
        """Read a timestamp, in Unix seconds."""
        value = self._present(key, required)
        if value is None:
            return None
        try:
            return moment(str(value))
        except ValueError:
            words = f"Could not parse {value}. Should be ISO8601."
            self.fault(key, "DATE_TIME_TYPE_PARSE", words)
            return None

    def _present(self, key: str, required: bool) -> Any:
        value = self.body.get(key)
        if value is None and required:
            self.fault(key, "BASE_TYPE_REQUIRED", "This field is required")
        return value
