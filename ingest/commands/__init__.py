"""The commands that change a collection."""
