"""Room on the disk, and what is refused without it."""

import shutil

from bot import disk
from bot.config import Config
from bot.settings import StoreSettings
from tests.bot.guild import HOST, run

MORE_THAN_ANY_DISK = 2**50


def test_a_folder_that_is_not_made_yet_is_measured_where_it_will_be(tmp_path):
    """Its disk is that of the first parent that exists."""
    folder = tmp_path / "not" / "there"

    assert disk.kept_at(folder) == tmp_path
    usage = shutil.disk_usage(tmp_path)
    assert 0 < disk.free_mb(folder) <= usage.total // 2**20


def test_nothing_is_recorded_where_there_is_too_little_room(tmp_path):
    """Said at once and by number, and the room is told of no recording."""
    config = Config(store=StoreSettings(free_mb=MORE_THAN_ANY_DISK))

    async def play(stage):
        await stage.enter(HOST)
        room = await stage.opened()
        said = await stage.command(HOST, "record start")
        return said, room.space.state.consents.recording.value

    said, recording = run(tmp_path, play, config=config)

    assert said.startswith("There is too little room for a recording:")
    assert str(MORE_THAN_ANY_DISK) in said
    assert recording == "off"
