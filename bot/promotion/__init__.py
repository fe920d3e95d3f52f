"""Announcing planned Spaces and asking their guests, at the Discord end."""
