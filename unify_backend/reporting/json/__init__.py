"""JSON documents for programs, one file a contract."""
