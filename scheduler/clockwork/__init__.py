"""The edge of the scheduler: rows, timers, and whoever delivers what is due."""
