"""Updates packaging settings after a move, so that the wheel still holds the package."""
