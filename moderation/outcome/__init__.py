"""What came of a Space: its figures, and what went wrong of what usually does.

Everything is counted anew from the journal and the talk that was heard; nothing is
kept beside them, so that a figure is never other than what it was counted from.
"""
