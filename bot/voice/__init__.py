"""Hearing Discord, and playing to it: from a UDP socket to attributed Opus packets.

discord.py keeps its handshake; what a receiver needs beyond it is here. In use:

    hearing = Hearing(HearingSettings(), tracks=OggFolder(directory),
                      new_decoder=OpusDecoder, new_vad=WebrtcVad)
    link = VoiceLink(hearing, opened_at=clock.now(), clock=clock,
                     on_heard=take)           # list[media.heard.Heard], on the loop
    await link.join(channel)                  # raises CannotJoin
    link.set_consent(member.id, Consent.AUDIO)
    link.record(True)
    await link.play(opus_packets)             # raises CannotPlay; cancel to stop
    link.snapshot()                           # counters per speaker, who is unheard
    await link.leave()

    link        the room's end: join, move, leave, consent, play, what was heard
    receiver    the voice thread: a beat of 20 to 100 ms, commands, keepalives
    inbox       datagrams out of the socket, many at a time, with their times
    buffer      how long the kernel keeps what nobody has read yet
    reception   datagrams → packets with a name: ssrc, transport, dave, tally
    watch       who speaks unheard, and why
    health      the values that the room reads
    listener    the port between the connection and the voice thread
    playing     sounds into the room: playback (pace), sending (DAVE), sealing (RTP)
    client, handshake, connection, gateway, ops, group, circuit
                discord.py's voice client, made to last
    errors      what is raised, as a tree

What runs where is written at the top of ``link``.
"""
