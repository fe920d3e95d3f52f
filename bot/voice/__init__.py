"""Hearing Discord: hooks on discord.py, decryption, and SSRC to member."""
