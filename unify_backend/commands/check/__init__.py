"""`check`: compares the references of a repository with a baseline."""
