"""Filling a module from a file, on a module of a few numbers."""

from pathlib import Path

import pytest
import torch
from torch import nn

from errors import WeightsError
from generation.engine.checkpoint import Checkpoint
from generation.engine.weights import fill


class Small(nn.Module):
    """Two layers that share their weights, a computed buffer and one that is not kept."""

    places: torch.Tensor
    basis: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = nn.Linear(3, 3, bias=False)
        self.second.weight = self.first.weight
        self.register_buffer("places", torch.arange(3.0))
        self.register_buffer("basis", torch.ones(2), persistent=False)


def checkpoint(**tensors: torch.Tensor) -> Checkpoint:
    names = {name.replace("__", "."): value for name, value in tensors.items()}
    return Checkpoint(Path("weights.pt"), names, "Fetch it.")


WEIGHT, BIAS = torch.arange(9.0).view(3, 3), torch.tensor([1.0, 2.0, 3.0])


def test_shared_tensors_stay_shared_and_the_last_name_counts() -> None:
    model = Small()
    lacking = fill(model, checkpoint(first__weight=WEIGHT * 0, first__bias=BIAS, second__weight=WEIGHT))
    assert not lacking
    assert model.first.weight is model.second.weight
    assert torch.equal(model.first.weight, WEIGHT)
    expected = Small()
    expected.load_state_dict({"first.weight": WEIGHT * 0, "first.bias": BIAS, "second.weight": WEIGHT}, strict=False)
    assert torch.equal(expected.first.weight, model.first.weight), "as torch itself does"
    assert torch.equal(model.basis, torch.ones(2))
    assert torch.equal(model.places, torch.arange(3.0)), "computed: the file need not have it"


def test_half_precision_becomes_single() -> None:
    model = Small()
    fill(model, checkpoint(first__weight=WEIGHT.half(), first__bias=BIAS.bfloat16()))
    assert model.first.weight.dtype == model.first.bias.dtype == torch.float32
    assert torch.equal(model.first.bias, BIAS)


def test_single_precision_is_the_files_own_memory() -> None:
    model = Small()
    fill(model, checkpoint(first__weight=WEIGHT, first__bias=BIAS))
    assert model.first.weight.data_ptr() == WEIGHT.data_ptr()
    assert not model.first.weight.requires_grad


@pytest.mark.parametrize(
    ("tensors", "reason"),
    [
        ({"first__weight": WEIGHT}, r"lacks 1 tensors, such as first.bias"),
        ({"first__bias": BIAS}, r"lacks 2 tensors, such as first.weight, second.weight"),
        ({"first__weight": WEIGHT, "first__bias": BIAS, "x": BIAS}, r"another model: it has, .*1 tensors, such as x"),
        ({"first__weight": WEIGHT[:2], "first__bias": BIAS}, r"first.weight has the shape \(2, 3\) .*\(3, 3\)"),
        ({"first__weight": WEIGHT, "first__bias": BIAS.int()}, r"holds first.bias as torch.int32"),
        ({"first__weight": WEIGHT, "first__bias": BIAS / 0}, r"values in first.bias that are not finite"),
        ({"sampler__first__weight": WEIGHT}, r"everything around it"),
    ],
)
def test_what_does_not_fit_is_refused(tensors: dict[str, torch.Tensor], reason: str) -> None:
    with pytest.raises(WeightsError, match=rf"^weights.pt .*{reason}.*Fetch it\.$"):
        fill(Small(), checkpoint(**tensors))


def test_what_may_lack_is_returned_and_what_is_not_wanted_stays() -> None:
    model = Small()
    before = model.first.weight.detach().clone()
    lacking = fill(
        model,
        checkpoint(first__weight=WEIGHT, extra=BIAS),
        wanted=lambda name: "bias" in name,
        may_lack=lambda name: name == "first.bias",
        may_be_left=lambda name: name == "extra",
    )
    assert lacking == {"first.bias"}
    assert torch.equal(model.first.weight, before)
