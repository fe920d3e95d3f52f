"""Live Spaces at the edge: how rooms come to be, what they show, do and owe."""
