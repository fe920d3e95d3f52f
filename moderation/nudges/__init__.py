"""When to nudge whom: small rules that find reasons, one policy that paces them.

``facts`` is what the rules look at, ``rules`` are the reasons, ``policy`` decides which
of them is said now, to whom, and how strongly. *Nudge* is a product word: a hint with
its reason and a button, never a command.
"""
