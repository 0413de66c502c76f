"""Makes Modelwise fail inside its own hook wherever a prompt says so."""

from functools import wraps
from typing import Any

from modelwise.compile import Compiler

MARKER = "breakmodelwise"

if not hasattr(Compiler.compile, "__wrapped__"):
    compile_as_ever = Compiler.compile

    @wraps(compile_as_ever)
    def compile_or_fail(compiler: Any, request: Any) -> Any:
        """Compile, or raise where the marker stands."""
        if MARKER in request.prompt:
            raise RuntimeError("made to fail by a test")
        return compile_as_ever(compiler, request)

    setattr(Compiler, "compile", compile_or_fail)  # noqa: B010 (a plain assignment is none that mypy allows)
