"""The room that is kept for what makes room."""

from moderation.store.reserve import SIZE_BYTES, Reserve


def test_room_is_kept_once_and_given_up_once(tmp_path):
    """What is there whole is not written again; half of it is."""
    path = tmp_path / "reserve"
    room = Reserve(path)

    assert room.keep()
    first = path.read_bytes()
    assert (room.keep(), path.read_bytes()) == (True, first)
    path.write_bytes(b"half")
    assert (room.keep(), path.stat().st_size) == (True, SIZE_BYTES)
    assert (room.give_up(), room.give_up(), path.exists()) == (True, False, False)


def test_a_disk_without_room_keeps_none(tmp_path):
    """It is no error: what is written may go well without."""
    room = Reserve(tmp_path / "gone" / "reserve")

    assert not room.keep()
    assert not room.give_up()
