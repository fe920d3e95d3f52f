"""Planned Spaces at the Discord end: made by command, remembered by button."""
