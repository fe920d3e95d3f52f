"""The review page: what was said in a Space, with the sound beside it."""
