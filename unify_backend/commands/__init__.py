"""The commands: each plans its changes, checks them, writes them and returns a result."""
