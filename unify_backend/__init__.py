"""unify-backend: make two diverged copies of one package one, and prove that nothing was lost."""

__version__ = "0.1.0"
