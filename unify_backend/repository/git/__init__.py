"""What git tells of a repository."""
