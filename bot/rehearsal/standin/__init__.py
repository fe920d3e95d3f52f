"""A loopback Discord: REST, main gateway, members, and the front of its voice.

Everything a client library can observe is as Discord does it, in Discord's own
vocabulary; nothing here knows the bot under test.
"""
