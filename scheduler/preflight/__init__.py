"""Is everything ready before a planned Space: what is looked at, and the verdict."""
