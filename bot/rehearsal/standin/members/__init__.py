"""Scripted members: what a person does in Discord's client, as methods."""
