"""What is known of every format, once: a folder a format, and what they share."""
