"""What members can ask about themselves: a copy of everything kept of them."""
