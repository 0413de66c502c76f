"""The documentation, and what writes the part of it that follows from data."""
