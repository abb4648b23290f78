"""The words of readers' pages, a file a language."""
