"""What a Space starts without is said to its host, and only then."""

from dataclasses import replace

import pytest

from bot.rooms.preparation import lacks
from moderation.events import SpaceOpened
from moderation.settings import Gate, RoomKind, SpaceSettings
from moderation.space import Space
from tests.bot.commands.test_rules import write
from tests.bot.guild import EVA, HOST, run, until


def view_of(agenda):
    """Return the view of a Space that has just opened."""
    space = Space()
    settings = SpaceSettings()
    space.handle(SpaceOpened(1, 2, 3, RoomKind.VOICE, 4, "Bees", settings), 0.0)
    return replace(space.view(0.0), agenda=agenda)


@pytest.mark.parametrize(
    ("agenda", "version", "missing"),
    [
        (("Welcome",), "rules-1", []),
        (("Welcome",), "", ["rules"]),
        ((), "rules-1", ["agenda"]),
        ((), "", ["agenda", "rules"]),
    ],
)
def test_everything_that_is_missing_is_named(agenda, version, missing):
    """What is there is not mentioned."""
    found = lacks(view_of(agenda), Gate(rules_version=version))

    assert found == [f"unprepared.{one}" for one in missing]


def test_the_host_reads_it_in_private(tmp_path):
    """In the language of who opens, once; what was added since is left out."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, EVA)
        empty = await stage.command(HOST, "space start", topic="\u200b")
        room = await stage.opened()
        await until(lambda: any("starts without" in one for one in stage.told(HOST)))
        await write(stage, HOST, "One topic at a time.")
        await stage.command(HOST, "space end")
        await room.ended()
        await stage.command(EVA, "space start", topic="Abejas")
        await until(lambda: any("empieza sin" in one for one in stage.told(EVA)))
        public = [one["content"] for one in stage.messages()]
        return empty, stage.told(HOST), stage.told(EVA), public

    empty, host, eva, public = run(tmp_path, play)

    assert empty == "The text is empty."
    assert [one for one in host if "starts without" in one] == [
        "⚠️ This Space starts without: an agenda (`/topic agenda-import`), "
        "rules of participation (`/space rules-set`, for the next Space)."
    ]
    assert [one for one in eva if "empieza sin" in one] == [
        "⚠️ Este Espacio empieza sin: una agenda (`/tema agenda-importar`)."
    ]
    assert not any("⚠️" in one for one in public)
