"""The commands that answer: each reads its arguments, calls the core, and prints."""
