"""Stands on the path of a probe's further interpreters where the application needs it: what
`manage.py` does before anything else."""

import django  # type: ignore[import-not-found,import-untyped,unused-ignore]

django.setup()
