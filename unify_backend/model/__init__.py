"""Values that everything else speaks in: standard library only, no I/O, frozen."""
