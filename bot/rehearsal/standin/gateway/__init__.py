"""The main gateway, version 10: sessions that survive their sockets."""
