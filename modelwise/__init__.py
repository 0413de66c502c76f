"""Modelwise prompts every checkpoint the way it was trained."""

__version__ = "0.1.0"
