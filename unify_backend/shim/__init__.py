"""The forwarding package: the old name keeps working, exactly, and can be proven to."""
