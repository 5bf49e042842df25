"""Programs that run in child processes, with the interpreter and the packages of the repository
under test: standard library only, Python 3.8, nothing else of this tool."""
