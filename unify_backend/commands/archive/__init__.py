"""Archive: legacy code and research material leave the package, with their references."""
