"""Hearing Discord: from a UDP socket to attributed Opus packets.

discord.py keeps its handshake; what a receiver needs beyond it is here.

    link        the room's end: join, move, leave, consent, what was heard
    receiver    the voice thread: a beat of 20 to 40 ms, commands, keepalives
    inbox       datagrams out of the socket, many at a time, with their times
    reception   datagrams → packets with a name: ssrc, transport, dave, tally
    watch       who speaks unheard, and why
    health      the values that the room reads
    listener    the port between the connection and the voice thread
    client, connection, gateway, ops, group, circuit
                discord.py's voice client, made to last

What runs where is written at the top of ``link``.
"""
