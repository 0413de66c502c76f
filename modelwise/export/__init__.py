"""A compiled request for other programs: the WebUI's API, diffusers, ComfyUI, and apps that take plain text.

What a program can't be told is named, never dropped without a word.
"""
