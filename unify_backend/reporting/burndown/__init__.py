"""The burn-down of legacy references: as SVG, as a text chart, as a table."""
