"""What the cards' own image scorers say of images, and which tag a card would have given for it.

Most of it needs nothing but the core. `images` needs Pillow and numpy; `weights`, `vision`, `heads`, `scorer`
and `judge` alone need torch: those are loaded when somebody asks for a score, never before.
"""
