"""Where the samples of the demo collection lie: real places on land, chosen by hand for their landscape.

Names, coordinates and kinds of landscape are facts; the ground that is drawn there is invented.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """A real place and how to draw it.

    Attributes:
        name: what people call it, and its country.
        lon: degrees east, on land.
        lat: degrees north.
        landscape: a name of `demo.scene.LANDSCAPES`.
        month: of the Sentinel-2 image.
        thick: share of thick cloud.
        thin: share of thin cloud.
        changes: fields of Setting that differ from the landscape's.
    """

    name: str
    lon: float
    lat: float
    landscape: str
    month: int
    thick: float = 0.0
    thin: float = 0.0
    changes: dict[str, Any] = field(default_factory=dict)


MAJORTOM: tuple[Place, ...] = (
    # Austria, Belgium, Finland, Ireland, Kosovo, Lithuania, Luxembourg, Portugal, Serbia, Switzerland
    Place("Zillertal, Austria", 11.87, 47.17, "alpine", 8, 0.06),
    Place("Weinviertel, Austria", 16.45, 48.57, "strip-fields", 5),
    Place("Innsbruck, Austria", 11.25, 47.36, "alpine", 1),
    Place("Hesbaye, Belgium", 5.15, 50.72, "open-fields", 5),
    Place("Ardennes, Belgium", 5.55, 50.12, "forest-hills", 10),
    Place("Ghent, Belgium", 3.72, 51.05, "town", 7, 0.0, 0.10),
    Place("Saimaa, Finland", 28.3, 61.9, "boreal-lakes", 7),
    Place("Kainuu, Finland", 28.4, 64.6, "boreal-forest", 9, 0.12),
    Place("Lapland, Finland", 26.6, 67.9, "boreal-forest", 3, changes={"relief_m": 140.0}),
    Place("Tipperary, Ireland", -7.85, 52.5, "bocage", 6, 0.10),
    Place("Bog of Allen, Ireland", -7.2, 53.3, "peatland", 4),
    Place("Connemara, Ireland", -9.75, 53.45, "atlantic-coast", 5, 0.0, 0.12),
    Place("Prizren, Kosovo", 20.75, 42.22, "smallholders", 6, changes={"red": 0.1}),
    Place("Peja, Kosovo", 20.15, 42.62, "alpine", 6, changes={"base_m": 1100.0}),
    Place("Aukstaitija, Lithuania", 25.6, 55.4, "boreal-lakes", 5, changes={"farmed": 0.2}),
    Place("Suduva, Lithuania", 23.2, 54.65, "open-fields", 8),
    Place("Gutland, Luxembourg", 6.2, 49.68, "forest-hills", 5),
    Place("Oesling, Luxembourg", 6.0, 50.02, "upland", 9),
    Place("Alentejo, Portugal", -7.75, 38.45, "montado", 4),
    Place("Douro valley, Portugal", -7.5, 41.2, "mediterranean", 9, changes={"relief_m": 330.0}),
    Place("Pedrogao Grande, Portugal", -8.1, 39.95, "burnt-hills", 8, 0.04),
    Place("Backa, Serbia", 19.6, 45.7, "river-plain", 6),
    Place("Sumadija, Serbia", 20.75, 44.1, "strip-fields", 7, 0.08),
    Place("Aletsch, Switzerland", 8.05, 46.5, "glacier", 8),
    Place("Thurgau, Switzerland", 9.05, 47.55, "bocage", 4),
    # the rest of Europe
    Place("Beauce, France", 1.6, 48.2, "open-fields", 6),
    Place("Camargue, France", 4.65, 43.5, "salt-marsh", 5),
    Place("Iceland's south coast", -18.2, 63.95, "braided-river", 7, 0.14, changes={"fields": "none", "forest": 0.0}),
    Place("Nordfjord, Norway", 6.4, 61.85, "fjord", 7),
    Place("Apulia, Italy", 17.4, 40.75, "mediterranean", 7, changes={"red": 0.5}),
    Place("Etna, Italy", 15.0, 37.75, "volcano", 6, 0.05),
    Place("Masuria, Poland", 21.6, 53.85, "baltic-coast", 5, changes={"sea": 0.0, "lakes": 0.2, "base_m": 120.0}),
    Place("Crete, Greece", 24.9, 35.05, "mediterranean-coast", 10),
    # Africa
    Place("Nile delta, Egypt", 31.0, 30.85, "delta-arid", 3),
    Place("Erg Chebbi, Morocco", -3.95, 31.15, "dunes", 11, changes={"red": 0.45}),
    Place("Draa valley, Morocco", -5.9, 30.4, "oasis", 2),
    Place("Tibesti, Chad", 17.5, 21.2, "rock-desert", 12),
    Place("Maradi, Niger", 7.1, 13.5, "sahel", 9),
    Place("Serengeti, Tanzania", 34.8, -2.4, "savanna", 2),
    Place("Kigezi, Uganda", 29.95, -1.25, "smallholders", 5, 0.16),
    Place("Congo basin, DR Congo", 21.4, 0.6, "rainforest", 1, 0.22),
    Place("Okavango, Botswana", 22.6, -19.3, "tundra", 6, changes={"climate": "savanna", "lakes": 0.08, "red": 0.2}),
    Place("Namib, Namibia", 15.6, -24.6, "dunes", 7, changes={"red": 0.95, "relief_m": 140.0}),
    Place("Gambia river, The Gambia", -15.6, 13.45, "mangrove", 11, changes={"sea": 0.0, "river_width_m": 330.0}),
    # Asia
    Place("Punjab, India", 75.4, 30.8, "smallholders", 2, changes={"red": 0.1, "farmed": 0.88, "forest": 0.02}),
    Place("Sundarbans, Bangladesh", 89.5, 22.05, "mangrove", 12),
    Place("Hani terraces, China", 102.75, 23.1, "terraces", 4),
    Place("Jiangnan, China", 120.1, 31.1, "paddies", 7, 0.10),
    Place("Mekong delta, Vietnam", 105.6, 10.4, "paddies", 2),
    Place("Riau, Indonesia", 101.6, 0.4, "plantation", 6, 0.18),
    Place("Java, Indonesia", 112.92, -7.94, "volcano", 8, changes={"climate": "rainforest", "red": 0.1}),
    Place("Khumbu, Nepal", 86.75, 27.95, "high-mountains", 11),
    Place("Gobi, Mongolia", 103.5, 43.6, "steppe", 8, changes={"farmed": 0.0, "open_kinds": (15, 13)}),
    Place("Kostanay, Kazakhstan", 64.0, 53.0, "large-rectangles", 6, changes={"climate": "steppe", "red": 0.0}),
    Place("Yakutia, Russia", 129.5, 63.1, "taiga", 8),
    Place("Lena lowland, Russia", 125.4, 71.4, "tundra", 7, 0.0, 0.18),
    Place("Al Jawf, Saudi Arabia", 38.3, 30.1, "pivots", 3),
    Place("Dubai's desert edge, United Arab Emirates", 55.35, 25.1, "city-arid", 1),
    Place("Kanto, Japan", 139.75, 35.95, "city", 11),
    # Oceania
    Place("Simpson desert, Australia", 137.4, -24.9, "dunes", 6, changes={"red": 1.0, "relief_m": 35.0}),
    Place("Pilbara, Australia", 118.6, -22.3, "outback", 8),
    Place("Canterbury, New Zealand", 171.9, -43.75, "braided-river", 1),
    Place("Bougainville, Papua New Guinea", 155.25, -6.15, "volcano-island", 9, 0.12, changes={"sea": 0.25}),
    # North America
    Place("Iowa, United States of America", -93.6, 42.3, "survey-plain", 7),
    Place("Kansas, United States of America", -100.9, 37.75, "pivots-steppe", 7),
    Place("Colorado plateau, United States of America", -109.9, 38.3, "canyon", 5, changes={"red": 0.85}),
    Place("Bonneville, United States of America", -113.7, 40.75, "salt-lake", 9),
    Place("Ellesmere Island, Canada", -80.5, 79.6, "polar-ice", 7),
    Place("Quintana Roo, Mexico", -88.1, 19.6, "tropical-coast", 4, 0.06),
    # South America
    Place("Rondonia, Brazil", -62.6, -10.3, "fishbone", 7),
    Place("Mato Grosso, Brazil", -55.9, -12.9, "large-rectangles", 2, 0.10),
    Place("Titicaca, Bolivia", -68.6, -16.6, "altiplano", 5),
)

# every place is seen in four seasons
SSL4EO12: tuple[Place, ...] = (
    Place("Marchfeld, Austria", 16.75, 48.22, "strip-fields", 1, changes={"farmed": 0.8, "forest": 0.06}),
    Place("Tampere, Finland", 23.6, 61.6, "boreal-lakes", 1, changes={"town": 0.08, "lakes": 0.2, "forest": 0.5}),
    Place("Bern, Switzerland", 7.4, 46.95, "town", 1, changes={"relief_m": 90.0, "base_m": 520.0}),
    Place("Saskatoon, Canada", -106.9, 52.2, "survey-plain", 1, changes={"climate": "boreal"}),
    Place("Hokkaido, Japan", 143.1, 42.95, "forest-hills", 1, changes={"climate": "boreal", "farmed": 0.4}),
    Place("Mendoza, Argentina", -68.6, -33.0, "oasis", 1, changes={"farmed": 0.5, "climate": "steppe", "red": 0.0}),
)
