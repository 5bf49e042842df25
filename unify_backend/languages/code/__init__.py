"""Source code of languages in which Python is only named: what several readers share."""
