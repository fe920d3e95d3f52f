"""The rules of a Space as pure state machines; ``store`` is the SQLite record."""
