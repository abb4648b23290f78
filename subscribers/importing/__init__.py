"""Lists of people from files: read, staged, previewed, merged; the rules of merging are in ``plan``."""
