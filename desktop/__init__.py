"""Vigie, the application."""
