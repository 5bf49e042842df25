"""How a package's name is written in text: found, read as a whole token, and written anew."""
