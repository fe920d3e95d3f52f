"""discord.py's own voice client hears what scripted members say."""

import asyncio
import random

import pytest

from bot.rehearsal.sfu.errors import VoiceServerError
from bot.rehearsal.sfu.faults import Faults, Reconnect
from bot.rehearsal.sfu.server import VoiceServer
from tests.bot.rehearsal.sfu.discord_client import BOT, connected
from tests.bot.waiting import until

CHANNEL = 927310423890473011
ANA, BEN = 158049329150427136, 158533742254751744


def speech(count, seed=0):
    chance = random.Random(seed)
    return [b"\x78" + chance.randbytes(110) for _ in range(count)]


async def started(*, dave=True, faults=None, members=(ANA,)):
    server = VoiceServer(
        CHANNEL,
        dave=dave,
        faults=faults or Faults(padding_share=0.3, noise=True),
        on_received=lambda user, opus: server.heard.append((user, opus)),
    )
    server.heard = []
    await server.start()
    for member in members:
        await server.add_member(member)
    return server


@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
@pytest.mark.parametrize(
    "mode", ["aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize"]
)
def test_every_frame_arrives_as_it_was(dave, mode):
    """With padding, extensions and noise around it, Opus is bit-identical."""
    said = speech(25)

    async def scenario():
        server = await started(dave=dave)
        async with connected(server, modes=(mode,)) as ears:
            await server.settle()
            await server.speak(ANA, said)
            await until(lambda: len(ears.frames.get(ANA, [])) == 30)
            return ears.mode, ears.spoken(ANA), ears.failures

    assert asyncio.run(scenario()) == (mode, said, [])


def test_others_come_and_go_in_mid_speech():
    """Epochs change while Ana speaks; no frame of hers is lost."""
    said = speech(60)

    async def scenario():
        server = await started()
        async with connected(server) as ears:
            await server.settle()
            talk = asyncio.create_task(server.speak(ANA, said))
            await asyncio.sleep(0.2)
            await server.add_member(BEN)
            await server.settle()
            joined = server.epoch
            await server.remove_member(BEN)
            await talk
            await until(lambda: len(ears.frames.get(ANA, [])) == 65)
            return joined, server.epoch, ears.dave.epoch, ears.spoken(ANA)

    assert asyncio.run(scenario()) == (2, 3, 3, said)


def test_the_bot_is_left_alone_and_found_again():
    """The last member leaves: a fresh group is made with whoever comes next."""
    said = speech(10)

    async def scenario():
        server = await started()
        async with connected(server) as ears:
            await server.settle()
            await server.remove_member(ANA)
            await until(lambda: not ears.dave.ready or ears.dave.epoch != 1)
            await server.add_member(BEN)
            await server.settle()
            await server.speak(BEN, said)
            await until(lambda: len(ears.spoken(BEN)) == 10)
            return server.epoch, ears.spoken(BEN)

    assert asyncio.run(scenario()) == (1, said)


def test_what_the_bot_says_is_heard():
    """Frames that discord.py encrypts are read with a scripted member's keys."""
    said = speech(10)

    async def scenario():
        server = await started()
        async with connected(server) as ears:
            await server.settle()
            await ears.ws.speak()
            for frame in said:
                ears.send_audio_packet(frame, encode=False)
            await until(lambda: len(server.heard) == 10)
            return server.heard

    assert asyncio.run(scenario()) == [(BOT, frame) for frame in said]


def test_downgrade_and_upgrade():
    """Without keys frames are plain, and encrypted again after op 24."""
    said = speech(10)

    async def scenario():
        server = await started()
        async with connected(server) as ears:
            await server.settle()
            await server.set_dave(False)
            await server.settle()
            await server.speak(ANA, said)
            await until(lambda: len(ears.spoken(ANA)) == 10)
            plain = ears._connection.dave_protocol_version
            await server.set_dave(True)
            await until(lambda: server.epoch == 1)
            await server.settle()
            await server.speak(ANA, said)
            await until(lambda: len(ears.spoken(ANA)) == 20)
            return plain, ears._connection.dave_protocol_version, ears.spoken(ANA)

    assert asyncio.run(scenario()) == (0, 1, said + said)


def test_a_suppressed_member_is_not_heard():
    """Somebody without the floor tries to speak: nobody gets a packet."""

    async def scenario():
        server = await started(dave=False, members=(ANA, BEN))
        async with connected(server) as ears:
            server.set_forwarded(BEN, False)
            await asyncio.gather(
                server.speak(ANA, speech(5)), server.speak(BEN, speech(5, seed=1))
            )
            await until(lambda: len(ears.frames.get(ANA, [])) == 10)
            return ears.frames.keys(), ears.early

    assert asyncio.run(scenario()) == ({ANA}, [])


def test_a_deafened_client_hears_nobody():
    """Op 5 tells of everybody; packets come once the deafening is over."""

    async def scenario():
        server = await started(dave=False)
        async with connected(server) as ears:
            server.set_hearing(BOT, False)
            await server.speak(ANA, speech(5))
            unheard = len(ears.frames.get(ANA, []))
            server.set_hearing(BOT, True)
            await server.speak(ANA, speech(5, seed=1))
            await until(lambda: len(ears.frames.get(ANA, [])) == 10)
            return unheard

    assert asyncio.run(scenario()) == 0


def test_op_5_never_comes():
    """Packets of an SSRC that nobody has named still arrive."""

    async def scenario():
        faults = Faults(speaking_never=True)
        server = await started(dave=False, faults=faults)
        async with connected(server) as ears:
            await server.speak(ANA, speech(5))
            await until(lambda: len(ears.early) == 10)
            return ears.users

    assert asyncio.run(scenario()) == {}


def test_timed_faults():
    """A malformed proposal and a reconnect come when the scenario says."""

    async def scenario():
        faults = Faults(
            malformed_proposal_at=0.1, reconnects=(Reconnect(at=0.4, code=4006),)
        )
        server = await started(faults=faults)
        async with connected(server) as ears:
            proposals = []
            process = ears.ws.received_binary_message

            async def keep(message):
                if message[2] == 27:
                    proposals.append(message)
                else:
                    await process(message)

            ears.ws.received_binary_message = keep
            before = ears.session_id
            await until(lambda: len(proposals) > 0)
            await until(lambda: ears.session_id != before)
            await until(lambda: BOT in server.occupants)
            return proposals[-1]

    assert b"no proposal" in asyncio.run(scenario())


@pytest.mark.parametrize("seed", range(4))
def test_members_come_and_go_all_at_once(seed):
    """Whoever is there in the end is in one group, whoever founded it."""
    chance = random.Random(seed)
    people = [ANA + number for number in range(5)]

    async def scenario():
        server = await started(members=people)
        here = set(people)
        try:
            for _ in range(chance.randint(1, 8)):
                person = chance.choice([people[0], *people])
                if person in here:
                    await server.remove_member(person)
                else:
                    await server.add_member(person)
                here ^= {person}
                await asyncio.sleep(chance.choice([0, 0, 0.002, 0.03]))
            await server.settle(10)
            members = server._channel.members
            codes = {member.privacy_code for member in members.values()}
            return here == set(server.occupants), len(here), codes
        finally:
            await server.stop()

    complete, count, codes = asyncio.run(scenario())

    assert complete
    assert count < 2 or (len(codes) == 1 and codes != {None})


def test_speech_of_somebody_who_is_not_here():
    """Only a scripted member of the channel can be made to speak."""

    async def scenario():
        server = await started(dave=False)
        try:
            with pytest.raises(VoiceServerError, match=str(BEN)):
                await server.speak(BEN, speech(1))
        finally:
            await server.stop()

    asyncio.run(scenario())
