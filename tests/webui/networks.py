"""The imitated extra networks: `<name:arguments>` is taken out of the prompts of a batch."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

_NETWORK = re.compile(r"<(\w+):([^<>]+)>")


class ExtraNetworkParams:
    """The arguments of one network."""

    def __init__(self, items: list[str]) -> None:
        self.items = items


ExtraNetworkParams.__module__ = "modules.extra_networks"  # as the recordings show it


def taken_out(prompts: Sequence[str]) -> tuple[list[str], defaultdict[str, list[ExtraNetworkParams]]]:
    """The prompts without their networks; the first prompt's networks are those of the batch."""
    data: defaultdict[str, list[ExtraNetworkParams]] = defaultdict(list)
    for name, arguments in _NETWORK.findall(prompts[0]):
        data[name].append(ExtraNetworkParams(arguments.split(":")))
    return [_NETWORK.sub("", prompt) for prompt in prompts], data
