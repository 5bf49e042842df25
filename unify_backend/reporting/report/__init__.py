"""The completion report: Markdown, one HTML page, plots, and a summary for the terminal."""
