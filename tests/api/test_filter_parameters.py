"""Every condition of a filter is a documented parameter of every route that filters, and reaches the filter."""

import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.filter_parameters import PARAMETERS, filter_of
from api.opening import Opening
from data_access.filter_query import PARAMETER_GROUPS
from data_access.measures import MEASURES
from tests.memory_dataset import MemoryCollections, MemoryDataset

FILTERED = ("count", "facets", "samples", "points", "footprints", "tiles/{z}/{x}/{y}.png")


def test_parameters_are_those_that_the_filter_reads() -> None:
    assert set(PARAMETERS) == {key for group in PARAMETER_GROUPS for key in group}


@pytest.mark.parametrize("route", FILTERED)
def test_every_parameter_is_documented(route: str) -> None:
    collections: MemoryCollections[MemoryDataset] = MemoryCollections({})
    paths = create_api(Opening(lambda: collections)).openapi()["paths"]
    documented = {each["name"]: each for each in paths[f"/{{dataset}}/{route}"]["get"]["parameters"]}

    assert set(PARAMETERS) <= set(documented)
    assert all(documented[name]["description"] for name in PARAMETERS)
    for measure in MEASURES:
        assert measure.title in documented[f"{measure.name}_min"]["description"]
        assert documented[f"{measure.name}_max"]["schema"]["type"] == "number"


def test_ranges_reach_the_filter() -> None:
    wanted = filter_of(lulc_water_min="40", mask_cloud_max="5", country=["Chile"], text=None)

    assert wanted.ranges == (("lulc_water", 40.0, None), ("mask_cloud", None, 5.0))
    assert wanted.country == ("Chile",)


def test_a_data_set_without_the_measure_has_no_match(client: TestClient) -> None:
    assert client.get("/terramesh/count", params={"lulc_water_min": 0}).json()["matched"] == 0
    refused = client.get("/terramesh/count", params={"lulc_water_min": 3, "lulc_water_max": 2})
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_filter")
