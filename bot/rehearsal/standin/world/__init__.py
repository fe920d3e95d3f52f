"""The state of the loopback guild and the rules that change it; no sockets here."""
