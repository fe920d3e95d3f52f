"""How scripted members sound: synthesised lines that are shipped, or recordings."""
