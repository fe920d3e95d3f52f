"""Campaigns: how a planned Space is announced, and how much of it is enough."""
