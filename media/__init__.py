"""Sound in, speech out: packets, frames, spurts, utterances, tracks, renders.

The types to know, with units and errors in their docstrings: ``heard`` (what goes in,
``VoicePacket``, or many as a ``burst.Burst``, and what comes out, ``Heard``),
``hearing.Hearing`` (the chain), ``consent.Consent``, ``ports`` (decoder, detector,
tracks), ``utterance.Utterance``.

What runs where: nothing in this package starts a thread, but ``tracks`` and ``track``,
which open, sync and close files on others, and ``whisper`` (a child process). A
``Hearing`` belongs to the one thread that calls it; time is always an argument, in
seconds of the Space.
"""
