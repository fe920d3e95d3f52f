"""Erasing a member: ``rows``, who asked; ``space`` and ``guild``, what goes."""
