"""Subscriber lists as CSV, in and out."""
