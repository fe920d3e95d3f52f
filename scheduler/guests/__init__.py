"""Guests: who is asked to speak in a planned Space, and what they answered."""
