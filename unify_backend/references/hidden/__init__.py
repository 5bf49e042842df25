"""Uses of the legacy package that do not spell its name: one file per way to hide it."""
