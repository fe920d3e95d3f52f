"""When: planned Spaces, reminders, campaigns and retention."""
