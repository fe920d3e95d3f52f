"""Rehearsal: a loopback Discord, scripted members, and the run that shows it all."""
