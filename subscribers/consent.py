"""Signed links and double opt-in."""
