"""What the completion report is put together from."""
