"""Our axes in the host's X/Y/Z plot, and what they have said to a job.

Where a host's plot is built otherwise, it is left as it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from modules import scripts

from modelwise.webui.engine import Engine
from modelwise.webui.xyz import Axis, Picked

_MODULE = "xyz_grid.py"
_ATTRIBUTE = "modelwise_picked"
_NEEDED = {"label", "type", "apply", "format_value", "choices"}


def add_axes(axes: Sequence[Axis], engine: Engine) -> None:
    """Put our axes into the plot's list, once.

    To be called when all scripts are loaded and before the plot makes its boxes from the list.
    """
    for found in getattr(scripts, "scripts_data", ()):
        options = getattr(found.module, "axis_options", None)
        option = getattr(found.module, "AxisOption", None)
        if found.script_class.__module__ != _MODULE or not isinstance(options, list) or option is None:
            continue
        if inspect.signature(option).parameters.keys() >= _NEEDED:
            known = {one.label for one in options}
            options += [_made(option, axis, engine) for axis in axes if axis.label not in known]


def _made(option: Any, axis: Axis, engine: Engine) -> Any:
    return option(
        axis.label,
        partial(axis.read, engine),  # the plot calls it on each value before the first image
        _applying(axis),
        format_value=lambda _p, _option, value: axis.legend(value),
        choices=lambda: list(axis.offered(engine)),
    )


def _applying(axis: Axis) -> Callable[[Any, str, Any], None]:
    def apply(p: Any, value: str, _values: Any) -> None:
        setattr(p, _ATTRIBUTE, axis.picked(picked(p), value))

    return apply


def picked(p: Any) -> Picked:
    """What our axes have said to a job; a plot's cells are shallow copies, so it is never changed."""
    found: Picked = getattr(p, _ATTRIBUTE, ())
    return found
