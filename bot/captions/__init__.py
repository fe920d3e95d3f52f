"""Captions: what is said, in writing, while it is said.

One post in the Space's chat shows the newest lines and is edited in place; a thread in
a text channel keeps them all.
"""
