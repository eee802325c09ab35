"""Watching and steering terratorch's model without changing a line of it.

Methods are replaced on the one resident object, as instance attributes, for the time of one call. Classes and modules
stay as they are, so another model in the same process is not touched, and nothing is left behind when a call fails.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn


@contextmanager
def replaced(owner: Any, **members: Any) -> Iterator[None]:  # noqa: ANN401 - terratorch has no types
    """Attributes of one object have other values for a while; methods of its class are shadowed, not changed."""
    own = vars(owner)  # past nn.Module's own way of setting attributes
    before = {name: own[name] for name in members if name in own}
    own.update(members)
    try:
        yield
    finally:
        for name in members:
            if name in before:
                own[name] = before[name]
            else:
                own.pop(name, None)


@contextmanager
def called_before(modules: Iterable[nn.Module], call: Callable[[], None]) -> Iterator[None]:
    """Call something before each of these modules runs: how a long pass hears that nobody waits for it any more."""

    def before(_module: nn.Module, _arguments: tuple[Any, ...]) -> None:
        call()

    handles = [module.register_forward_pre_hook(before) for module in modules]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def configured(scheduler: Any, **values: object) -> Iterator[None]:  # noqa: ANN401 - terratorch has no types
    """A diffusion scheduler has other settings for a while."""
    before = {name: scheduler.config[name] for name in values}
    scheduler.register_to_config(**values)
    try:
        yield
    finally:
        scheduler.register_to_config(**before)


def blocks_of(module: nn.Module) -> list[nn.Module]:
    """The parts of a network that run one after the other, each a small share of a second."""
    return [block for part in module.modules() if isinstance(part, nn.ModuleList) for block in part]


def to_array(values: torch.Tensor) -> Any:  # noqa: ANN401 - the element type is the tensor's
    """A tensor as NumPy array on the CPU, free of autograd."""
    return values.detach().to("cpu").numpy()
