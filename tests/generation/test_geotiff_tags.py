"""What a GeoTIFF says of how it was made: rasterio, and so everybody, reads it back."""

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.io import MemoryFile

from api.generated_geotiff import generated_geotiff
from errors import SampleFormatError
from generation.geotiff_tags import WHOLE, geotiff_tags, read_tags
from generation.place import Place
from generation.provenance import JSON, MENTAL_IMAGE, provenance
from generation.request import Request
from tests.generation.made import MadeResult

PLACE = Place(32633, (10.0, 0.0, 600_200.0, 0.0, -10.0, 4_999_700.0), None)


def written(values: np.ndarray, told: dict[str, JSON], place: Place | None) -> MemoryFile:
    bands = ("vv", "vh")[: len(values)]
    content = generated_geotiff(
        values, told, modality="S1RTC", how="generated", seed=7, bands=bands, unit="dB", place=place
    )
    return MemoryFile(content)


def test_a_file_tells_its_provenance_to_rasterio() -> None:
    told = provenance(MadeResult())
    values = np.random.default_rng(0).normal(size=(2, 32, 32)).astype(np.float32)
    with written(values, told, PLACE) as memory, memory.open() as file:
        tags = file.tags()
        assert np.array_equal(file.read(), values)
        assert file.crs == rasterio.CRS.from_epsg(32633)
        assert (file.transform.c, file.transform.f) == (600_200, 4_999_700)
        assert file.descriptions == ("vv", "vh")
        assert file.tags(1)["unit"] == "dB"
    assert read_tags(tags) == {**told, "modality": "S1RTC", "seed": 7}
    assert tags["terramind_notice"] == MENTAL_IMAGE
    assert tags["terramind_inputs"] == "S2L2A"
    assert tags["terramind_model"] == "demo"
    assert tags["terramind_steps"] == "4"
    assert tags["terramind_seed"] == "7"
    assert tags["terramind_crop"] == "left 20, top 20, width 224, height 224"
    assert MENTAL_IMAGE in tags["TIFFTAG_IMAGEDESCRIPTION"]
    assert tags["TIFFTAG_COPYRIGHT"].startswith("CC-BY-SA-4.0")
    assert "synthetic" in tags


def test_a_reconstruction_says_what_it_is() -> None:
    told = provenance(MadeResult(request=Request(inputs=("S1RTC",), kind="reconstruct")))
    tags = geotiff_tags(told, modality="S1RTC", seed=0)
    assert tags["terramind_notice"] == "tokenizer reconstruction of the real image"
    assert MENTAL_IMAGE not in "".join(tags.values())
    assert tags["TIFFTAG_IMAGEDESCRIPTION"].startswith("S1RTC encoded and decoded by Demo model: tokenizer recon")


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_result_of_a_coordinate_alone_has_no_place_of_a_sample() -> None:
    told = provenance(MadeResult(dataset="", sample=None))
    with written(np.zeros((1, 16, 16), np.uint8), told, None) as memory, memory.open() as file:
        assert file.crs is None
        assert file.dtypes == ("uint8",)
        assert read_tags(file.tags())["sample"] is None


_SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20)
_FACTS = st.dictionaries(
    st.sampled_from(["notes", "sample", "data_credit", "data_licence", "synthetic", "software", "crop"]),
    st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=5),
)


@given(facts=_FACTS)
def test_any_facts_come_back_as_they_were(facts: dict[str, JSON]) -> None:
    told: dict[str, JSON] = {"model_title": "t", "notice": MENTAL_IMAGE, **facts}
    tags = geotiff_tags(told, modality="DEM", seed=1)
    assert all(isinstance(value, str) for value in tags.values())
    assert read_tags({WHOLE: tags[WHOLE]}) == {**told, "modality": "DEM", "seed": 1}


@pytest.mark.parametrize("tags", [{}, {WHOLE: "{"}, {WHOLE: "[1]"}])
def test_a_file_of_somebody_else_is_refused(tags: dict[str, str]) -> None:
    with pytest.raises(SampleFormatError, match=WHOLE):
        read_tags(tags)
