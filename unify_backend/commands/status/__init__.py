"""The phases with evidence: what is so is looked at anew each time, never remembered."""
