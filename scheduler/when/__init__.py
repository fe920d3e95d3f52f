"""When: what people type for a time, in English and Spanish, as one instant.

``reading`` puts together a day (``days``) and an hour (``hours``) in a time zone
(``zones``). Nothing is guessed silently: where a text has two meanings the likelier one
comes first and the others with it, so that a card can ask.
"""
