"""Makes Modelwise fail inside its own hook wherever a prompt says so."""

from functools import wraps

from modelwise.compile import Compiler

MARKER = "breakmodelwise"

if not hasattr(Compiler.compile, "__wrapped__"):
    compile_as_ever = Compiler.compile

    @wraps(compile_as_ever)
    def compile_or_fail(compiler, request):
        """Compile, or raise where the marker stands."""
        if MARKER in request.prompt:
            raise RuntimeError("made to fail by a test")
        return compile_as_ever(compiler, request)

    Compiler.compile = compile_or_fail
