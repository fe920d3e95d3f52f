"""What a member does with the bot's commands, buttons, menus and modals.

Each of these sends an interaction; ``Interaction`` then tells how it was answered.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.rehearsal.standin.members import modals
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import (
    command_rules,
    commands,
    components,
    interactions,
    options,
)
from bot.rehearsal.standin.world.channels import DirectChannel
from bot.rehearsal.standin.world.components import BUTTON, LINK, SELECTS, every
from bot.rehearsal.standin.world.drafts import EPHEMERAL
from bot.rehearsal.standin.world.interaction import Interaction, Kind
from bot.rehearsal.standin.world.options import OptionError, resolve_member
from bot.rehearsal.standin.world.state import World

LISTED = SELECTS - {3}
"""Selects whose choices are people, roles and channels, told in ``resolved``."""


class Actions:
    """A member's side of the application."""

    def __init__(self, world: World, user_id: int) -> None:
        self.id = user_id
        self._world = world

    async def command(
        self, name: str, options: Json | None = None, *, channel_id: int | None = None
    ) -> Interaction:
        """Run a slash command; ``name`` may go on with a group and a subcommand.

        Raises:
            MemberError: no such command, not allowed, or the options do not fit.

        """
        command, path = self._command(name)
        filled = self._filled(command, path, options or {}, None)
        data = _command_data(command) | {"options": filled.options}
        if filled.resolved:
            data["resolved"] = filled.resolved
        where = self._here(channel_id)
        return interactions.send(self._world, Kind.COMMAND, self.id, where, data)

    async def autocomplete(
        self,
        name: str,
        focused: str,
        options: Json | None = None,
        *,
        channel_id: int | None = None,
    ) -> Interaction:
        """Type into an option; its choices come as the interaction's answer."""
        command, path = self._command(name)
        filled = self._filled(command, path, options or {}, focused)
        data = _command_data(command) | {"options": filled.options}
        where = self._here(channel_id)
        return interactions.send(self._world, Kind.AUTOCOMPLETE, self.id, where, data)

    async def use_menu(
        self,
        name: str,
        *,
        message_id: int | None = None,
        user_id: int | None = None,
        channel_id: int | None = None,
    ) -> Interaction:
        """Choose a command from the context menu of a message or of a user."""
        on_message = message_id is not None
        kind = command_rules.MESSAGE if on_message else command_rules.USER
        command = commands.named(self._world, name, kind)
        if command is None:
            raise MemberError(f"there is no context menu command {name!r}")
        self._require(command)
        resolved: dict[str, Json] = {}
        where = self._here(channel_id)
        if message_id is not None:
            message = self.seen(message_id)
            resolved["messages"] = {message["id"]: message}
            where = int(message["channel_id"])
        elif user_id is not None:
            resolve_member(self._world, user_id, resolved)
        target = message_id if on_message else user_id
        data = _command_data(command) | {"target_id": str(target), "resolved": resolved}
        return interactions.send(self._world, Kind.COMMAND, self.id, where, data)

    async def click(self, message_id: int, custom_id: str) -> Interaction:
        """Press a button."""
        message, component = self._component(message_id, custom_id)
        if component["type"] != BUTTON or component.get("style") == LINK:
            raise MemberError(f"{custom_id} is no button to press")
        data: Json = {
            "component_type": BUTTON,
            "custom_id": custom_id,
            "id": component.get("id", 0),
        }
        return self._send_component(message, data)

    async def select(
        self, message_id: int, custom_id: str, values: list[str]
    ) -> Interaction:
        """Choose from a select menu: values, or ids of what it lists."""
        message, component = self._component(message_id, custom_id)
        if component["type"] not in SELECTS:
            raise MemberError(f"{custom_id} is no select menu")
        least, most = component.get("min_values", 1), component.get("max_values", 1)
        offered = [one["value"] for one in component.get("options") or []]
        if not least <= len(values) <= most or (offered and set(values) - set(offered)):
            raise MemberError(f"{custom_id} does not offer {values}")
        data: Json = {
            "component_type": component["type"],
            "custom_id": custom_id,
            "id": component.get("id", 0),
            "values": values,
        }
        if not offered:
            data["resolved"] = self._chosen(component["type"], values)
        return self._send_component(message, data)

    async def fill(self, opened_by: Interaction, values: Json) -> Interaction:
        """Fill in and submit the modal that an interaction opened."""
        if opened_by.modal is None or opened_by.user_id != self.id:
            raise MemberError("no modal is open")
        source = None
        if opened_by.source_id is not None:
            source = self.seen(opened_by.source_id)
        data = modals.fill(opened_by.modal, values)
        resolved: Json = {}
        for one in every(data["components"]):
            if one["type"] in LISTED:
                resolved |= self._chosen(one["type"], one["values"])
        if resolved:
            data["resolved"] = resolved
        return interactions.send(
            self._world,
            Kind.MODAL,
            self.id,
            opened_by.channel_id,
            data,
            source=source,
            cause=interactions.metadata(self._world, opened_by),
        )

    def interaction(self, interaction_id: int) -> Interaction:
        """Return an interaction that this member started."""
        for one in self._world.interactions.values():
            if one.id == interaction_id and one.user_id == self.id:
                return one
        raise MemberError(f"{self.id} started no interaction {interaction_id}")

    def seen(self, message_id: int) -> Json:
        """Return a message that this member sees, ephemeral ones for them included."""
        for shelf in self._world.messages.values():
            message = shelf.get(message_id)
            if message is None:
                continue
            if message["flags"] & EPHEMERAL:
                if self._world.private.get(message_id) == self.id:
                    return message
                break
            channel = self._world.channel(int(message["channel_id"]))
            if isinstance(channel, DirectChannel):
                if int(channel.recipient["id"]) == self.id:
                    return message
                break
            if Permission.VIEW_CHANNEL in self._world.granted(self.id, channel):
                return message
        raise MemberError(f"message {message_id} is not there for {self.id}")

    def _component(self, message_id: int, custom_id: str) -> tuple[Json, Json]:
        message = self.seen(message_id)
        component = components.find(message["components"], custom_id)
        if component is None:
            raise MemberError(f"message {message_id} has no component {custom_id}")
        if component.get("disabled"):
            raise MemberError(f"component {custom_id} is disabled")
        return message, component

    def _send_component(self, message: Json, data: Json) -> Interaction:
        where = int(message["channel_id"])
        return interactions.send(
            self._world, Kind.COMPONENT, self.id, where, data, source=message
        )

    def _chosen(self, kind: int, values: list[str]) -> Json:
        resolved: Json = {}
        for value in map(int, values):
            if value in self._world.guild.members and kind in (5, 7):
                resolve_member(self._world, value, resolved)
            elif value in self._world.guild.roles and kind in (6, 7):
                role = self._world.guild.roles[value].to_json()
                resolved.setdefault("roles", {})[str(value)] = role
            elif value in self._world.guild.channels and kind == 8:
                channel = self._world.guild.channels[value].to_json()
                channel["permissions"] = "0"
                resolved.setdefault("channels", {})[str(value)] = channel
            else:
                raise MemberError(f"there is no {value} to choose")
        return resolved

    def _command(self, name: str) -> tuple[Json, list[str]]:
        first, *path = name.removeprefix("/").split()
        command = commands.named(self._world, first)
        if command is None:
            raise MemberError(f"there is no command /{first}")
        self._require(command)
        return command, path

    def _require(self, command: Json) -> None:
        needed = Permission(int(command["default_member_permissions"] or 0))
        needed |= Permission.USE_APPLICATION_COMMANDS
        granted = self._world.granted(self.id)
        if command["default_member_permissions"] == "0":
            needed |= Permission.ADMINISTRATOR  # 0 is for administrators only
        if needed & ~granted:
            raise MemberError(f"{self.id} may not use {command['name']}")

    def _filled(
        self, command: Json, path: list[str], values: Json, focused: str | None
    ) -> options.Filled:
        try:
            return options.fill(self._world, command, path, values, focused)
        except OptionError as error:
            raise MemberError(str(error)) from error

    def _here(self, channel_id: int | None) -> int:
        if channel_id is not None:
            return channel_id
        state = self._world.voice.get(self.id)
        return (
            next(iter(self._world.guild.channels))
            if state is None
            else state.channel_id
        )

    @contextmanager
    def _allowed(self) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            raise MemberError(f"{self.id}: {refusal.message}") from refusal


def _command_data(command: Json) -> Json:
    data: Json = {
        "id": command["id"],
        "name": command["name"],
        "type": command["type"],
    }
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data
