"""Probes that test whether a forwarding package behaves as the canonical one."""
