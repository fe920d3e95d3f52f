"""Chat commands: what members type, and who takes it."""
