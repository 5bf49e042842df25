"""Python source: scopes, imports, strings by their use, and the proof of a rename."""
