"""The forwarding package, which keeps the old name working, and the probes that prove it."""
