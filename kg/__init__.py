"""Ascribe: a knowledge graph of claims, in which every edge names who says so and where."""

__version__ = "0.1.0"
