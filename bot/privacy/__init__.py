"""What members can ask about themselves: a copy of all that is kept, and its end."""
