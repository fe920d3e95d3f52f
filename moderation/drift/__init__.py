"""Drift: how far the recent talk is from the topic."""
