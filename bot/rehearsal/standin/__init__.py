"""The stand-in: Discord REST and main gateway on loopback, for any client."""
