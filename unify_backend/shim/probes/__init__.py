"""Probes: whether a forwarding package, ours or written by hand, is the real one in disguise."""
