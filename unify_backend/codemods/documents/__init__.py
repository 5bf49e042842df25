"""Documents and what stands in them: blocks, drawings, anchors, cells, history."""
