"""Wrong answers that could have been right: plausible where the patch lies, and near the truth."""

from data_access.bigearthnet.classes import CLASSES
from data_access.bigearthnet.map_facts import MapFacts

COUNTRIES = (
    "Austria",
    "Belgium",
    "Finland",
    "Ireland",
    "Kosovo",
    "Lithuania",
    "Luxembourg",
    "Portugal",
    "Serbia",
    "Switzerland",
)
SEASONS = ("Spring", "Summer", "Autumn", "Winter")  # options say Autumn where the column says Fall

# The zones offered as options; worded as in the legend of Beck et al. 2023.
CLIMATE_ZONES = (
    "Arid, steppe, cold",
    "Cold, dry summer, warm summer",
    "Cold, no dry season, cold summer",
    "Cold, no dry season, hot summer",
    "Cold, no dry season, warm summer",
    "Polar, tundra",
    "Temperate, dry summer, hot summer",
    "Temperate, dry summer, warm summer",
    "Temperate, no dry season, cold summer",
    "Temperate, no dry season, hot summer",
    "Temperate, no dry season, warm summer",
)

_LANDLOCKED = frozenset({"Austria", "Kosovo", "Luxembourg", "Serbia", "Switzerland"})
_COASTAL = frozenset({"Beaches, dunes, sands", "Coastal wetlands", "Marine waters"})
_IBERIAN = "Agro-forestry areas"  # the montado; mapped in Portugal alone


def absent_classes(facts: MapFacts, country: str) -> tuple[int, ...]:
    """Numbers of the classes that do not occur in the patch but could in this country."""
    unlikely = set(_COASTAL) if country in _LANDLOCKED else set()
    if country != "Portugal":
        unlikely.add(_IBERIAN)
    return tuple(
        number for number, name in enumerate(CLASSES, start=1) if number not in facts.areas and name not in unlikely
    )
