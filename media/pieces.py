"""A recording in pieces of a size, each a file that plays from its own beginning.

Nothing is decoded: pages go over whole, with the headers before each piece, so a piece
ends where a page does. Bytes in, bytes out; bytes that are no page are left out.
"""

from collections.abc import Iterator

from media import ogg
from media.ogg import Page


def cut(data: bytes, limit: int) -> Iterator[bytes]:
    """Yield the Ogg Opus stream ``data`` in pieces of at most ``limit`` bytes.

    A piece holds at least one page of sound, whatever the limit. What is no stream of
    Opus (no identification header) yields nothing.
    """
    pages = [one for one in ogg.pages(data) if isinstance(one, Page)]
    heads, sound = pages[:2], pages[2:]
    if len(heads) < 2 or not heads[0].packets:
        return
    if isinstance(ogg.read_head(heads[0].packets[0]), ogg.NotOpus):
        return
    most = limit - sum(one.size for one in heads)
    before, from_ = 0, 0
    while from_ < len(sound):
        size = to = 0
        for to in range(from_, len(sound)):
            size += sound[to].size
            if size > most and to > from_:
                break
        else:
            to = len(sound)
        yield _piece(heads, sound[from_:to], before)
        before, from_ = sound[to - 1].granule, to


def _piece(heads: list[Page], sound: list[Page], before: int) -> bytes:
    numbered = [
        ogg.page(
            one.serial, number, max(0, one.granule - before), one.packets, one.flags
        )
        for number, one in enumerate(sound, len(heads))
    ]
    first = [
        ogg.page(one.serial, number, one.granule, one.packets, one.flags)
        for number, one in enumerate(heads)
    ]
    return b"".join([*first, *numbered])
