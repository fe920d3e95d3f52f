"""Talk time: who talked how much, each figure with the intervals behind it."""
