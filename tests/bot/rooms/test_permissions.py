"""What the bot asks for, and what the README lets people grant."""

import re
from pathlib import Path

import discord

from bot.rehearsal.standin.permissions import SPACES_BOT
from bot.rooms import permissions

README = Path(__file__).parents[3] / "README.md"
TONES = "speak"
"""No Space needs it; without it nobody hears tones or the voice check."""


def test_the_invitation_in_the_readme_grants_what_a_space_needs():
    """The number in its address and the names beside it are these, and no more."""
    text = README.read_text("utf-8")
    number = re.search(r"&permissions=(\d+)", text)
    names = re.search(r"It asks for (.*)\. Never Administrator", text)
    wanted = {*permissions.STAGE, *permissions.VOICE, *permissions.PLAN, TONES}

    granted = discord.Permissions(int(number[1]))
    told = set(re.sub(r" \([^)]*\)", "", names[1]).split(", "))

    assert granted == discord.Permissions(**dict.fromkeys(wanted, True))
    assert granted.value == SPACES_BOT  # what it is rehearsed with, and no more
    assert told == {permissions.words(name) for name in wanted}
