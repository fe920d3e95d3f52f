"""The outside world: Discord, the review page, the rehearsal, configuration, wiring."""
