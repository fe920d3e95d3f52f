"""Every text that a user sees, in English and Spanish, and how it is worded."""
