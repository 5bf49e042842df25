"""The ways in which a repository starts its application: found, resolved, run."""
