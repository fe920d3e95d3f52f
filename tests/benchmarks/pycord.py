"""py-cord's way from a datagram to sound, as far as it can be driven.

py-cord takes discord.py's place in a process, so it runs in one of its own, from
``build/pycord``. Its reader drops every packet of a channel without DAVE and cuts or
silences those with it (2.8.1), and none of its sinks can be made; so its parts are
called one after the other: RTP parsing, transport decryption, its packet decoder
(playout, Opus to 48 kHz stereo). Its decryption takes 8 bytes for every extension, so
that only packets with an extension of two words come through whole.

    python -m tests.benchmarks.pycord < batches    in the process of its own
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "build" / "pycord"

Ticks = Sequence[Sequence[bytes]]
"""Datagrams per 20 ms. (Nothing of ours is imported where py-cord is discord.)"""


class NotDriven(Exception):  # noqa: N818 (a reason to print, not an error)
    """Why py-cord was not measured."""


def pycord_s(batches: Sequence[Ticks], key: bytes) -> list[float]:
    """Return CPU seconds of py-cord over each batch; raise NotDriven."""
    if not (PLACE / "discord").is_dir():
        raise NotDriven("not in build/pycord; `make bench` puts it there")
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.pycord"],
        cwd=ROOT,
        input=json.dumps([_hex(batches), key.hex()]).encode(),
        env=os.environ | {"PYTHONPATH": str(PLACE)},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").splitlines()
        raise NotDriven(said[-1] if said else f"it ended with {done.returncode}")
    taken: list[float] = json.loads(done.stdout)
    return taken


def _hex(batches: Sequence[Ticks]) -> list[list[list[str]]]:
    """Return the same in a form that goes through a pipe."""
    return [[[d.hex() for d in tick] for tick in batch] for batch in batches]


def drive(batches: Sequence[Ticks], key: bytes) -> list[float]:
    """Send batches through py-cord; return CPU seconds of each."""
    # Only the process of its own can import these as py-cord's.
    import discord

    # py-cord's ``discord``, not the discord.py that mypy sees.
    from discord.opus import PacketDecoder  # type: ignore[attr-defined]
    from discord.voice.packets.rtp import decode
    from discord.voice.receive.reader import PacketDecryptor

    from media import opus
    from tests.benchmarks.cpu import each_s

    if not discord.opus.is_loaded():
        discord.opus.load_opus(opus.library()._name)
    members = {user_id: SimpleNamespace(id=user_id) for user_id in range(1, 100)}
    people = SimpleNamespace(get_member=members.get, get_user=members.get)
    client = SimpleNamespace(
        guild=people,
        client=people,
        _ssrc_to_id={1000 + user_id: user_id for user_id in members},
        _connection=SimpleNamespace(dave_session=None),
    )
    sink = SimpleNamespace(is_opus=lambda: False, client=client)
    waiter = SimpleNamespace(register=lambda _: None, unregister=lambda _: None)
    router = SimpleNamespace(sink=sink, waiter=waiter)
    decryptor = PacketDecryptor("aead_xchacha20_poly1305_rtpsize", key, client)
    decoders: dict[int, PacketDecoder] = {}
    sound = bytearray(1)

    def work(batch: Ticks) -> None:
        for tick in batch:
            for datagram in tick:
                packet = decode(datagram)
                packet.decrypted_data = decryptor._decryptor_rtp(packet)
                decoder = decoders.get(packet.ssrc)
                if decoder is None:
                    decoder = PacketDecoder(router, packet.ssrc)
                    decoders[packet.ssrc] = decoder
                decoder.push_packet(packet)
                data = decoder.pop_data()
                sound[0] |= data is not None and any(data.pcm[:64])

    taken = each_s(batches, work)
    if not sound[0]:
        raise RuntimeError("py-cord decoded nothing but silence")
    return taken


if __name__ == "__main__":
    sent, secret = json.load(sys.stdin)
    got = [[[bytes.fromhex(d) for d in tick] for tick in batch] for batch in sent]
    sys.stdout.write(json.dumps(drive(got, bytes.fromhex(secret))))
