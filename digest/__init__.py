"""Broadsheet: collects the day's articles, groups them into stories, renders an edition and sends it."""

__version__ = "0.1.0"
