"""What can be asked for by id."""

import pytest

from components.annotations.reader.patch import odd_id


def test_ids_of_patches_are_asked_for() -> None:
    assert odd_id("S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_26_57") == ""


@pytest.mark.parametrize(
    "sample", ["", " ", "../../etc/passwd", "a/b?c#d", "x" * 3000, "a\x00", "S2A_26_57 ", "\u202ea"]
)
def test_any_other_text_is_named_and_not_asked_for(sample: str) -> None:
    assert repr(sample)[1:20].rstrip("'") in odd_id(sample)
    assert len(odd_id(sample)) < 300
