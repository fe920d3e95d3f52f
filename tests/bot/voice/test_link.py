"""One room, from joining to leaving, on real sockets and real discord.py."""

import asyncio
import json
import socket
import sys
import threading

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from bot.rehearsal.sfu.faults import Faults
from bot.voice import buffer, keepalive, receiver, transport
from bot.voice.errors import CannotJoin
from bot.voice.listener import LinkState
from media.consent import Consent
from media.heard import SILENCE, UnheardReason
from tests.bot.voice.room import ANA, BEA, BOT, CID, QUIET, frames, opened, until

pytestmark = pytest.mark.long

both_kinds = pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])


def test_the_voice_thread_shares_its_arithmetic_out_to_nobody():
    """BLAS would start a thread for each core, and let them spin for more to do."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await room.say(ANA, frames(2))
            return threadpool_info()

    with threadpool_limits(2, user_api="blas"):
        pools = [one for one in asyncio.run(scene()) if one["user_api"] == "blas"]

    assert [one["num_threads"] for one in pools] == [1] * len(pools)


@both_kinds
def test_a_speaker_who_was_there_first_is_heard(dave):
    """Every frame arrives bit-identical, with padding and extensions of any length."""
    sound = frames(40)

    async def scene():
        faults = Faults(padding_share=0.2, extension=True)
        async with opened(dave=dave, faults=faults, present=[ANA]) as room:
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound
    assert room.hearing.closed
    assert [s.state for s in room.states] == [
        LinkState.CONNECTING,
        LinkState.CONNECTED,
        LinkState.IDLE,
    ]


@pytest.mark.parametrize("mode", transport.MODES)
def test_each_transport_mode_carries_sound(mode, monkeypatch):
    """The first mode of our own preference is taken, whatever the server's order."""
    monkeypatch.setattr(transport, "MODES", (mode, *transport.MODES))
    sound = frames(10)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound
    assert room.link.snapshot().mode == mode


def test_members_join_and_leave_while_somebody_speaks():
    """An epoch changes under a speaker's feet and no frame of theirs is lost."""
    sound = frames(40)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            speech = asyncio.create_task(room.say(ANA, sound))
            await room.arrive(BEA)
            await room.arrive(CID)
            await room.server.remove_member(BEA)
            await speech
            return room, room.server.epoch

    room, epoch = asyncio.run(scene())

    assert epoch >= 3
    assert room.hearing.spoken(ANA) == sound


@both_kinds
def test_op_5_comes_after_the_first_packets(dave):
    """Packets of an unknown stream wait for its owner; none is lost, all in order."""
    sound = frames(40)

    async def scene():
        faults = Faults(speaking_delay_s=0.4)
        async with opened(dave=dave, faults=faults, present=[ANA]) as room:
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound


def test_op_12_names_the_owner_of_a_stream():
    """On a stage where op 5 never comes, what waited is heard all the same."""
    sound = frames(20)

    async def scene():
        faults = Faults(speaking_never=True)
        async with opened(dave=False, faults=faults, present=[ANA]) as room:
            speech = asyncio.create_task(room.say(ANA, sound))
            await until(lambda: room.link._receiver._reception._strangers)
            ssrc = room.server._channel.streams[ANA].ssrc
            streams = {"user_id": str(ANA), "audio_ssrc": ssrc, "video_ssrc": 0}
            room.server.inject(BOT, json.dumps({"op": 12, "d": streams}))
            await speech
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound
    assert room.link.snapshot().anonymous == 0


def test_the_kernel_is_asked_for_a_larger_buffer():
    """It has to bridge whatever keeps the voice thread from reading."""

    async def scene():
        async with opened(dave=False) as room:
            ours = room.client._connection.socket
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as usual:
                return [
                    one.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
                    for one in (usual, ours)
                ]

    before, after = asyncio.run(scene())

    assert after > before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts them")
def test_the_voice_thread_is_held_up(monkeypatch):
    """What the kernel had to drop meanwhile is counted, over reconnects too."""
    monkeypatch.setattr(buffer, "WANTED_BYTES", 4096)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            held, go_on = threading.Event(), threading.Event()
            room.link._receiver._bell.post(lambda: (held.set(), go_on.wait(10.0)))
            await until(held.is_set)
            await room.server.speak(ANA, frames(60))
            go_on.set()
            await until(lambda: room.link.snapshot().overrun > 20)
            before = room.link.snapshot().overrun
            await room.server.kick(BOT, 4006)
            await until(lambda: room.link.snapshot().connects == 2)
            return before, room.link.snapshot().overrun

    before, after = asyncio.run(scene())

    assert after >= before


def test_op_5_never_comes_in_an_encrypted_channel():
    """Whose key opens a frame is whose stream it is."""
    first, second = frames(30, seed=1), frames(30, seed=2)

    async def scene():
        faults = Faults(speaking_never=True)
        async with opened(dave=True, faults=faults, present=[ANA, BEA, CID]) as room:
            await asyncio.gather(room.say(ANA, first), room.say(BEA, second))
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == first
    assert room.hearing.spoken(BEA) == second


def test_everything_else_that_arrives_by_udp():
    """RTCP, video, discovery, echoes and duplicates change nothing but counters."""
    sound = frames(40)

    async def scene():
        faults = Faults(noise=True, duplicate=0.3, reorder=0.1)
        async with opened(dave=True, faults=faults, present=[ANA]) as room:
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())
    look = room.link.snapshot()

    assert sorted(room.hearing.spoken(ANA)) == sorted(sound)
    assert look.ignored["duplicate"] > 0
    assert look.speakers[0].undecryptable == {}
    assert look.unheard == ()


def test_a_member_without_consent_speaks_first():
    """Without consent nothing is decrypted; with it, everything after is."""
    before, after = frames(20, seed=1), frames(20, seed=2)

    async def scene():
        async with opened(dave=True) as room:
            await room.arrive(ANA, level=Consent.NOTHING)
            await room.say(ANA, before)
            room.link.set_consent(ANA, Consent.TRANSCRIPT)
            # What is in the socket when the voice thread obeys came before it.
            obeyed = ("consent", ANA, Consent.TRANSCRIPT)
            await until(lambda: obeyed in room.hearing.calls)
            await room.say(ANA, after)
            return room

    room = asyncio.run(scene())
    speaker = room.link.snapshot().speakers[0]

    assert room.hearing.spoken(ANA) == [b""] * 20 + after
    assert (speaker.withheld, speaker.opened) == (20, 20 + 2 * 5)
    assert sum(p.opus == SILENCE for p in room.hearing.packets) == 2 * 5


def test_the_bot_is_left_alone_and_somebody_else_comes():
    """The group starts again from nothing for whoever comes next."""
    sound = frames(15)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.say(ANA, sound)
            await room.server.remove_member(ANA)
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == sound


def test_a_member_leaves_and_comes_back():
    """Another SSRC and another leaf of the group, and the same voice."""
    before, after = frames(10, seed=1), frames(10, seed=2)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            await room.say(ANA, before)
            await room.server.remove_member(ANA)
            await room.server.settle()
            await room.arrive(ANA)
            await room.say(ANA, after)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == before + after
    assert len({p.ssrc for p in room.hearing.packets}) == 2


def test_a_channel_leaves_dave_and_takes_it_up_again():
    """Both transitions happen while somebody speaks; all that was sent is heard."""
    sound = frames(60)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            speech = asyncio.create_task(room.server.speak(ANA, sound))
            await until(lambda: len(room.hearing.spoken(ANA)) > 10)
            await room.server.set_dave(False)
            await room.server.settle()
            await until(lambda: room.link.snapshot().dave_version == 0)
            await room.server.set_dave(True)
            await room.server.settle()
            await speech
            await until(lambda: sound[-1] in room.hearing.spoken(ANA))
            return room

    room = asyncio.run(scene())
    heard, look = room.hearing.spoken(ANA), room.link.snapshot()

    # Nobody sends while there is no group, so the speaker itself drops a few frames.
    assert heard == [frame for frame in sound if frame in heard]
    assert heard[-25:] == sound[-25:]
    assert (look.dave_version, look.speakers[0].undecryptable) == (1, {})


def test_a_channel_without_dave_takes_it_up():
    """discord.py has no session then, and would ignore the upgrade."""
    before, after = frames(10, seed=1), frames(20, seed=2)

    async def scene():
        async with opened(dave=True, plain=True, present=[ANA, BEA]) as room:
            await room.say(ANA, before)
            version = room.link.snapshot().dave_version
            await room.server.set_dave(True)
            await room.server.settle()
            await room.say(ANA, after)
            return room, version

    room, version = asyncio.run(scene())

    assert version == 0
    assert room.hearing.spoken(ANA) == before + after
    assert room.link.snapshot().dave_version == 1


def test_nobody_speaks_for_a_while(monkeypatch):
    """Keepalives keep the server forwarding to a client that never speaks."""
    monkeypatch.setattr(keepalive, "KEEPALIVE_S", 0.2)
    sound = frames(10)

    async def scene():
        faults = Faults(udp_timeout_s=0.6)
        async with opened(dave=False, faults=faults, present=[ANA]) as room:
            asked = asyncio.get_running_loop().time()
            await until(lambda: asyncio.get_running_loop().time() > asked + 0.9)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound


def test_commands_reach_the_hearing_in_order():
    """Consent, cuts and recording are carried out on the voice thread, as asked."""

    async def scene():
        async with opened(dave=False) as room:
            room.link.set_consent(ANA, Consent.AUDIO)
            room.link.record(True)
            room.link.cut(ANA)
            await until(lambda: len(room.hearing.calls) == 3)
            return room

    room = asyncio.run(scene())

    assert room.hearing.calls == [
        ("consent", ANA, Consent.AUDIO),
        ("record", True),
        ("cut", ANA),
    ]


def test_a_track_that_has_ended_is_released_once_the_disk_has_it():
    """Then nobody writes to the file and it may be deleted; without a thread, too."""

    async def scene():
        async with opened(dave=False) as room:
            room.link.set_consent(ANA, Consent.NOTHING)
            await room.link.release(ANA)
            settled = room.hearing.track.settled
        await room.link.release(ANA)
        return room, settled

    room, settled = asyncio.run(scene())

    assert room.hearing.calls == [
        ("consent", ANA, Consent.NOTHING),
        ("release", ANA),
    ]
    assert settled


@both_kinds
def test_an_order_finds_fed_what_came_before_it(dave):
    """Datagrams of talkers wait for each other, but not beyond a change of consent."""
    sound = frames(15)

    async def scene():
        async with opened(dave=dave, present=[ANA]) as room:
            hearing = room.hearing
            await room.say(ANA, sound[:5])
            hearing.talks = {hearing.packets[0].ssrc: ANA}
            await room.server.speak(ANA, sound[5:10])
            fed_at_consent = []

            def consent(*_):
                fed_at_consent.append(hearing.spoken(ANA))
                return []

            hearing.consent = consent
            room.link.set_consent(ANA, Consent.TRANSCRIPT)
            await until(lambda: fed_at_consent)
            del hearing.consent
            await room.say(ANA, sound[10:])
            return fed_at_consent, hearing

    (before,), hearing = asyncio.run(scene())

    assert before == sound[:10]
    assert hearing.spoken(ANA) == sound


def test_a_batch_fails_in_the_hearing():
    """An error of our own is counted and costs one batch, not the room."""
    sound = frames(30)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            room.hearing.fails = 1
            await room.server.speak(ANA, sound)
            await until(lambda: sound[-1] in room.hearing.spoken(ANA))
            return room

    room = asyncio.run(scene())

    assert room.link.snapshot().failures == 1


def test_every_batch_fails_in_the_hearing(monkeypatch, caplog):
    """The host is told, the log not flooded; the server forwards meanwhile."""
    monkeypatch.setattr(keepalive, "KEEPALIVE_S", 0.1)
    monkeypatch.setattr(receiver, "CHECK_S", 0.1)
    sound = frames(30)

    async def scene():
        faults = Faults(udp_timeout_s=0.4)
        async with opened(dave=False, faults=faults, present=[ANA]) as room:
            room.hearing.deadline = lambda *_: 1 / 0
            await room.server.speak(ANA, sound)
            await until(lambda: room.unheard)
            del room.hearing.deadline
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.unheard[0].reason is UnheardReason.FAILURE
    assert room.link.snapshot().failures > 5
    assert [one.levelname for one in caplog.records].count("ERROR") == 1
    assert room.hearing.spoken(ANA)[-30:] == sound


def test_a_link_that_has_ended_is_asked_to_join():
    """A Space has one link; it says so instead of hearing half."""

    async def scene():
        async with opened(dave=False, faults=QUIET) as room:
            await room.link.leave()
            with pytest.raises(CannotJoin):
                await room.link.join(room.channel)

    asyncio.run(scene())
