"""`migrate`: runs all stages of a migration; each has a check that can stop it."""
