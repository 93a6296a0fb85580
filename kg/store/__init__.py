"""Answers questions about one build: queries in child processes that can be killed, and full-text search."""
