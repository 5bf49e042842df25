"""The file system as a container would see it, from Dockerfile, compose files and ignore files."""
