"""What `init` writes into a repository; data, no code."""
