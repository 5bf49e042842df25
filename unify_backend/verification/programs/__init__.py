"""Programs that run in the application's own interpreter: standard library alone, Python 3.8 on.

`start.py` loads the others from its own folder; nothing of unify-backend need be installed there.
"""
