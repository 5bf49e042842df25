"""What a report of the migration is made of."""
