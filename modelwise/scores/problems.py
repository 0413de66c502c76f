"""What can go wrong with a scorer or an image, in words for the user."""

from __future__ import annotations


class ScorerError(Exception):
    """A scorer that can't be used; the message names the file, what was found and what is allowed."""


class ImageError(Exception):
    """An image that can't be scored; the message says what was found and what is allowed."""
