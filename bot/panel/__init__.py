"""The live panel of a Space: one message edited in place, and lasting buttons."""
