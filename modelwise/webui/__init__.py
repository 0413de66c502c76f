"""Modelwise inside a WebUI: the only code that knows `modules.*`, gradio or fastapi."""
