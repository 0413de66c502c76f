"""Modelwise without a WebUI: a small host for trying it, testing it and taking pictures of it."""
