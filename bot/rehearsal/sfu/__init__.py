"""A stand-in voice server: voice gateway v8, UDP, and the server half of DAVE."""
