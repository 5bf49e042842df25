"""What the application is when it runs: modules, boot, entry points, containers, comparison."""
