"""Fills a model from a checkpoint and takes nothing on trust: each tensor comes from the file, or an error says why.

terratorch fills with `strict=False` or replaces what is missing by random values, and only a line in a log tells: a
model with random weights generates grey squares and noise. Here names and shapes are compared first, the model's
tensors become the file's own (no copy, no random values before), and a sample is compared again at the end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import nn

from generation.engine.checkpoint import Checkpoint

NAMED_AT_MOST = 3  # tensors in a message
COMPARED = 8  # tensors that are compared with the file after filling

NamePredicate = Callable[[str], bool]


@dataclass(frozen=True)
class _Slot:
    """A place for a tensor in a model."""

    name: str
    owner: nn.Module
    attribute: str
    tensor: torch.Tensor

    @property
    def is_parameter(self) -> bool:
        """Whether it is learnt; buffers that are kept are computed from sizes, such as places of patches."""
        return self.attribute in self.owner._parameters  # noqa: SLF001 - torch has no public name for it


def never(_name: str) -> bool:
    """No tensor at all."""
    return False


def fill(
    model: nn.Module,
    checkpoint: Checkpoint,
    *,
    wanted: NamePredicate = lambda _name: True,
    may_be_left: NamePredicate = never,
    may_lack: NamePredicate = never,
) -> frozenset[str]:
    """Put the tensors of a checkpoint into a model, in float32, without gradients.

    Tensors that several names share in the model stay shared; where a file holds them apart, the last name counts, as
    it does for terratorch.

    Args:
        model: built, with whatever values.
        checkpoint: of exactly this model.
        wanted: names to fill; the others are compared by name and shape all the same.
        may_be_left: names in the file that the model need not have.
        may_lack: names of the model that the file need not have; they are returned, and keep what they held.

    Returns:
        Names of the model that the file lacks.

    Raises:
        WeightsError: a tensor is missing, left over, of another shape or kind, or holds NaN.
    """
    slots = list(_slots(model))
    held = checkpoint.tensors
    left = sorted(held.keys() - {slot.name for slot in slots})
    groups = _shared(slots)
    empty = [group for group in groups if not any(slot.name in held for slot in group)]
    lacking = [slot.name for group in empty for slot in group if group[0].is_parameter]
    missing = [name for name in lacking if not may_lack(name)]
    _compare_shapes(checkpoint, slots)  # first: another size of the model has other names too
    _refuse_whole_models(checkpoint, missing, left)
    _refuse_names(checkpoint, missing, [name for name in left if not may_be_left(name)])
    for group in groups:
        present = [slot.name for slot in group if slot.name in held]
        if present and any(wanted(slot.name) for slot in group):
            _put(group, held[present[-1]])
    _compare_values(checkpoint, [group for group in groups if any(wanted(slot.name) for slot in group)])
    return frozenset(lacking)


def _slots(model: nn.Module) -> Iterator[_Slot]:
    """Every tensor that `state_dict` would name, in its order, shared ones under each name."""
    kept = model.state_dict(keep_vars=True)
    for prefix, module in model.named_modules(remove_duplicate=False):
        own: dict[str, torch.Tensor | None] = {**module._parameters, **module._buffers}  # noqa: SLF001 - as above
        for attribute, tensor in own.items():
            name = f"{prefix}.{attribute}" if prefix else attribute
            if tensor is not None and name in kept:
                yield _Slot(name, module, attribute, tensor)


def _shared(slots: list[_Slot]) -> list[list[_Slot]]:
    """Slots that hold the same tensor, together."""
    groups: dict[int, list[_Slot]] = {}
    for slot in slots:
        groups.setdefault(id(slot.tensor), []).append(slot)
    return list(groups.values())


def _refuse_whole_models(checkpoint: Checkpoint, missing: list[str], left: list[str]) -> None:
    """Raise where someone saved terratorch's model with everything around the part that is published."""
    if missing and left and all(name.startswith(("sampler.", "tokenizer.", "model.")) for name in left):
        raise checkpoint.error(
            f"holds a model with everything around it (such as {left[0]}), not the file that was published"
        )


def _refuse_names(checkpoint: Checkpoint, missing: list[str], left: list[str]) -> None:
    """Raise where names do not fit."""
    for names, fault in ((missing, "lacks"), (left, "belongs to another model: it has, and this one has not,")):
        if names:
            shown = ", ".join(sorted(names)[:NAMED_AT_MOST])
            raise checkpoint.error(f"{fault} {len(names)} tensors, such as {shown}")


def _compare_shapes(checkpoint: Checkpoint, slots: list[_Slot]) -> None:
    for slot in slots:
        found = checkpoint.tensors.get(slot.name)
        if found is None:
            continue
        if found.shape != slot.tensor.shape:
            raise checkpoint.error(
                f"is of another model: {slot.name} has the shape {tuple(found.shape)} in it, "
                f"and this model needs {tuple(slot.tensor.shape)}"
            )
        if found.is_floating_point() != slot.tensor.is_floating_point():
            raise checkpoint.error(f"holds {slot.name} as {found.dtype}, and this model as {slot.tensor.dtype}")


def _put(group: list[_Slot], found: torch.Tensor) -> None:
    """Let every name of a group hold one tensor, which is the file's where its kind of number fits."""
    value = found.to(group[0].tensor.dtype)
    shared = nn.Parameter(value, requires_grad=False) if group[0].is_parameter else value
    for slot in group:
        setattr(slot.owner, slot.attribute, shared)


def _compare_values(checkpoint: Checkpoint, groups: list[list[_Slot]]) -> None:
    """Read some tensors of the model again and compare them with the file."""
    held = checkpoint.tensors
    filled = [group for group in groups if any(slot.name in held for slot in group)]
    for group in filled[:: max(1, len(filled) // COMPARED)]:
        source = [slot.name for slot in group if slot.name in held][-1]
        value = getattr(group[-1].owner, group[-1].attribute)
        if not bool(torch.isfinite(value).all()):
            raise checkpoint.error(f"holds values in {source} that are not finite")
        if not torch.equal(value, held[source].to(value.dtype)):
            raise checkpoint.error(f"was not loaded: {source} differs in the model")
