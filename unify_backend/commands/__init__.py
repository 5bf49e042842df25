"""Steps that need several rooms of the house: plan, guard, write, tell."""
