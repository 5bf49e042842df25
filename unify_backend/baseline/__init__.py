"""The ratchet: a baseline of what is known, and the comparison that lets nothing new in."""
