"""Hearing Discord, and playing to it: from a UDP socket to attributed Opus packets.

discord.py keeps its handshake; what a receiver needs beyond it is here, DAVE included.
To hear a channel from any bot of discord.py 2.7.1:

    from pathlib import Path

    import discord

    from bot.clock import SteadyClock
    from bot.voice.link import VoiceLink
    from media.consent import Consent
    from media.heard import Heard, SpurtEnded, Unheard
    from media.hearing import Hearing, HearingSettings
    from media.opus import OpusDecoder
    from media.tracks import OggFolder
    from media.vad import WebrtcVad

    def tell(facts: list[Heard]) -> None:  # called on the event loop
        for fact in facts:
            match fact:
                case SpurtEnded(spurt):  # 16 kHz mono in spurt.pcm
                    print(f"{spurt.user_id} talked for {spurt.talk_s:.1f} s")
                case Unheard(user_id, why):
                    print(f"{user_id} cannot be heard: {why.value}")

    async def listen(channel: discord.VoiceChannel, folder: Path) -> VoiceLink:
        hearing = Hearing(HearingSettings(), tracks=OggFolder(folder),
                          new_decoder=OpusDecoder, new_vad=WebrtcVad)
        clock = SteadyClock()
        link = VoiceLink(hearing, opened_at=clock.now(), clock=clock, on_heard=tell)
        for member in channel.members:  # whom you have asked; for others, later
            link.set_consent(member.id, Consent.AUDIO)
        link.record(True)  # folder/<user id>.opus
        await link.join(channel)  # raises CannotJoin; reconnects by itself
        return link  # snapshot() counts, leave() ends it

It takes ``media``, ``bot/voice``, ``bot/clock.py`` and ``bot/errors.py``, and nothing
else of this project (``tests/bot/voice/test_example.py`` runs it from a copy of these).

    link        the room's end: join, move, leave, consent, play, what was heard
    receiver    the voice thread: a beat of 20 to 100 ms, commands
    keepalive   what keeps the server sending; whether the way by UDP is still open
    line        the socket that it hears by; outage: when nobody could be heard
    upkeep      what it does by the clock
    inbox       datagrams out of the socket, many at a time, with their times
    intake      from the inbox to the hearing, and when to ask again
    gathering   datagrams of talkers, kept to be opened many at a time
    buffer      how long the kernel keeps what nobody has read yet
    reception   datagrams → packets with a name: ssrc, strangers, dave, tally
    unsealing   transport encryption, padding and extensions off: transport
    watch       who speaks unheard, and why
    announced   who is said to speak, and what that word is worth
    renewal     when a session that lives is of no use, and another one is begun
    health      the values that the room reads
    listener    the port between the connection and the voice thread
    playing     sounds into the room: playback (pace), sending (DAVE), sealing (RTP)
    client, handshake, connection, gateway, ops, group, circuit, discovery
                discord.py's voice client, made to last
    errors      what is raised, as a tree

What runs where is written at the top of ``link``.
"""
