"""Slash commands and context menus: doors into a Space, and their words."""
