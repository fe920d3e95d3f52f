"""Sound in, speech out: packets, frames, spurts, utterances, tracks, renders."""
