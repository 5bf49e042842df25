"""Plots as SVG and as text; the layout is computed here, no library draws."""
