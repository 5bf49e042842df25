"""Source transformations that understand Python: LibCST on statements, `ast` as the judge."""
