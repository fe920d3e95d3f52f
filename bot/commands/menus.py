"""Context menus: on a person, and on a message.

Each is what a slash command does, with the person or message already chosen.
discord.py allows five of a kind, so that only the most wanted are here.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.clock import Clock
from bot.door import Door
from bot.replies import AnyInteraction
from moderation.events import (
    CohostAdded,
    Demoted,
    Event,
    Invited,
    LinkPinned,
    MemberMuted,
    QuestionAsked,
    ReportFiled,
    TopicParked,
)

MUTE_S = 300.0
"""Seconds of a mute from the menu."""

OnMember = Callable[[int, int], Event]
OnMessage = Callable[[int, discord.Message], Event]


def menus(door: Door, clock: Clock) -> list[app_commands.ContextMenu]:
    """Return every menu; their names are at ``menus.<key>`` of the catalogues."""
    on_members: dict[str, OnMember] = {
        "invite": lambda by, user: Invited(by, user),
        "demote": lambda by, user: Demoted(by, user),
        "mute": lambda by, user: MemberMuted(by, user, clock.now() + MUTE_S),
        "cohost": lambda by, user: CohostAdded(by, user),
        "report": lambda by, user: ReportFiled(by, user),
    }
    on_messages: dict[str, OnMessage] = {
        "question": lambda _, message: QuestionAsked(
            message.author.id, message.content
        ),
        "park": lambda by, message: TopicParked(by, message.content),
        "pin": lambda by, message: LinkPinned(by, message.jump_url, message.content),
    }
    return [
        *(_member_menu(door, key, fact) for key, fact in on_members.items()),
        *(_message_menu(door, key, fact) for key, fact in on_messages.items()),
    ]


def _member_menu(door: Door, key: str, fact: OnMember) -> app_commands.ContextMenu:
    async def on_member(interaction: AnyInteraction, member: discord.Member) -> None:
        await door.act(interaction, fact(interaction.user.id, member.id))

    return _menu(door, key, on_member)


def _message_menu(door: Door, key: str, fact: OnMessage) -> app_commands.ContextMenu:
    async def on_message(interaction: AnyInteraction, message: discord.Message) -> None:
        await door.act(interaction, fact(interaction.user.id, message))

    return _menu(door, key, on_message)


def _menu(
    door: Door, key: str, callback: Callable[..., Awaitable[Any]]
) -> app_commands.ContextMenu:
    name = door.wording.catalogue.text("en", f"menus.{key}")
    return app_commands.ContextMenu(
        name=name,
        callback=callback,  # type: ignore[arg-type]  # a coroutine function of two
        extras={"key": key},
    )
