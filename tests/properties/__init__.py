"""Properties that hold for every prompt."""
