"""Training captions in a model's trained order.

No tag is lost, respelled or doubled, a second run changes nothing, and a file is as it was or finished.
"""
