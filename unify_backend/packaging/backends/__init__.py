"""One build back end each: how it chooses what it ships, and what that needs after a move."""
