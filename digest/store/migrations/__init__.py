"""The history of the tables, one revision a file."""

#: The newest revision; a store at it needs no migration.
HEAD = "0011"
