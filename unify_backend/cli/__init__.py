"""The command line: one module a command, with its options, its output and its exit code."""
