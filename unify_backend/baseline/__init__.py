"""The baseline of known findings, and the comparison that reports new ones."""
