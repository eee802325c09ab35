"""Rows of the catalogue in the words of the pages."""

from components.results.cards import named, place

FAR_EAST = {"lat": -32.8551, "lon": 153.7952, "season": "Fall", "source": "ssl4eos12"}


def test_the_words_are_those_of_the_filters() -> None:
    assert named("season", FAR_EAST) == "Autumn"
    assert named("source", FAR_EAST) == "SSL4EO-S12"
    assert named("season", {"season": "unknown"}) == ""


def test_a_place_without_a_country_fits_below_a_thumbnail() -> None:
    assert place(FAR_EAST) == "32.9° S, 153.8° E"
    assert place(FAR_EAST | {"country": "Chile"}) == "Chile"
