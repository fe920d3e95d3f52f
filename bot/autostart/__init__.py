"""Planned Spaces that open by themselves when their host is there."""
