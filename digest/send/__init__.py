"""Brings a message to its recipients, nobody left out and nobody twice; knows no SQL."""
