"""Dotenv."""
