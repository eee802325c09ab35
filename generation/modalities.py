"""What TerraMind v1 takes and generates: its names, bands, the statistics it standardises with, and its vocabularies.

Names are Patchwork's (TerraMesh's, and `coordinates`); terratorch's stand beside them. Figures are those of
`v1_pretraining_mean` and `v1_pretraining_std` in terratorch 1.2.11; a test compares them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data_access.terramesh.modalities import MODALITIES as TERRAMESH
from errors import ModalityMissingError

COORDINATES = "coordinates"
PATCH_PX = 16  # side of the square that becomes one token
TRAINED_PX = 224  # side of the images TerraMind was trained on; multiples of PATCH_PX work
CLASSES = 10  # of LULC, numbered 0..9
_IMAGE_CODES = 8 * 8 * 8 * 6 * 5  # levels of the quantiser: 8-8-8-6-5
_LULC_CODES = 7 * 5 * 5 * 5 * 5
_WORDS = 30_000  # of the text vocabulary in which coordinates are written


@dataclass(frozen=True)
class TerraMindModality:
    """One modality as TerraMind knows it.

    Attributes:
        name: Patchwork's.
        terramind_name: what terratorch calls it in `modalities` and `output_modalities`.
        bands: in the order of the first axis.
        unit: of values at Patchwork's side: S2 reflectance x 10,000 without the +1000 offset.
        mean: per band, subtracted before the network sees it; empty for coordinates.
        std: per band, divided by; empty for coordinates.
        raw_key: terratorch's key of it as image, None where TerraMind takes its tokens only.
        token_key: terratorch's key of it as tokens, None where it has no tokenizer and can not be generated.
        codes: size of its vocabulary, 0 where it has no tokenizer.
    """

    name: str
    terramind_name: str
    bands: tuple[str, ...]
    unit: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    raw_key: str | None
    token_key: str | None
    codes: int

    @property
    def is_image(self) -> bool:
        """Whether it is an array (band, y, x); coordinates are two numbers."""
        return self.name != COORDINATES

    @property
    def needs_tokenizer_as_input(self) -> bool:
        """Whether the network takes it as tokens, so that an input of it has to be encoded first."""
        return self.raw_key is None


# fmt: off
_S2L2A_MEAN = (1390.458, 1503.317, 1718.197, 1853.91, 2199.1, 2779.975, 2987.011, 3083.234, 3132.22, 3162.988,
               2424.884, 1857.648)
_S2L2A_STD = (2106.761, 2141.107, 2038.973, 2134.138, 2085.321, 1889.926, 1820.257, 1871.918, 1753.829, 1797.379,
              1434.261, 1334.311)
_S2L1C_MEAN = (2357.089, 2137.385, 2018.788, 2082.986, 2295.651, 2854.537, 3122.849, 3040.56, 3306.481, 1473.847,
               506.07, 2472.825, 1838.929)
_S2L1C_STD = (1624.683, 1675.806, 1557.708, 1833.702, 1823.738, 1733.977, 1732.131, 1679.732, 1727.26, 1024.687,
              442.165, 1331.411, 1160.419)
# fmt: on


def _of_terramesh(
    name: str,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    raw_key: str | None,
    token_key: str | None,
    *,
    codes: int = _IMAGE_CODES,
    terramind_name: str = "",
) -> TerraMindModality:
    """A modality of TerraMesh: bands and unit are the registry's."""
    known = TERRAMESH[name]
    return TerraMindModality(
        name=name,
        terramind_name=terramind_name or name,
        bands=known.bands,
        unit=known.unit,
        mean=mean,
        std=std,
        raw_key=raw_key,
        token_key=token_key,
        codes=codes if token_key else 0,
    )


# In display order.
MODALITIES: Mapping[str, TerraMindModality] = MappingProxyType(
    {
        modality.name: modality
        for modality in (
            _of_terramesh("S2L2A", _S2L2A_MEAN, _S2L2A_STD, "untok_sen2l2a@224", "tok_sen2l2a@224"),
            _of_terramesh("S2L1C", _S2L1C_MEAN, _S2L1C_STD, "untok_sen2l1c@224", None),
            _of_terramesh(
                "S2RGB",
                (87.271, 80.931, 66.667),
                (58.767, 47.663, 42.631),
                "untok_sen2rgb@224",
                None,
                terramind_name="RGB",
            ),
            _of_terramesh("S1GRD", (-12.599, -20.293), (5.195, 5.89), "untok_sen1grd@224", "tok_sen1grd@224"),
            _of_terramesh("S1RTC", (-10.93, -17.329), (4.391, 4.459), "untok_sen1rtc@224", "tok_sen1rtc@224"),
            _of_terramesh("DEM", (670.665,), (951.272,), "untok_dem@224", "tok_dem@224"),
            _of_terramesh("LULC", (0.0,), (1.0,), None, "tok_lulc@224", codes=_LULC_CODES),
            _of_terramesh("NDVI", (0.327,), (0.322,), None, "tok_ndvi@224"),
            TerraMindModality(
                COORDINATES, "coords", ("longitude", "latitude"), "degrees", (), (), None, "coords", _WORDS
            ),
        )
    }
)
INPUTS: tuple[str, ...] = tuple(MODALITIES)
OUTPUTS: tuple[str, ...] = tuple(name for name, modality in MODALITIES.items() if modality.token_key)


def terramind_modality(name: str) -> TerraMindModality:
    """The modality with this name. Raises ModalityMissingError for any other word."""
    try:
        return MODALITIES[name]
    except KeyError:
        raise ModalityMissingError(
            f"{name[:40]!r} is not a modality of TerraMind. Choose one of {', '.join(MODALITIES)}."
        ) from None


def published_range(name: str) -> tuple[tuple[float, float], ...]:
    """Lowest and highest value per band that TerraMind generates as published: one standard deviation about the mean.

    Its diffusion clips to [-1, 1] in standardised values. Land cover and coordinates are not diffused: they have none.

    Args:
        name: of a modality.

    Returns:
        (low, high) per band in the modality's unit; empty where nothing is clipped.

    Raises:
        ModalityMissingError: TerraMind has no such modality.
    """
    modality = terramind_modality(name)
    if not modality.is_image or name == "LULC":
        return ()
    return tuple((mean - std, mean + std) for mean, std in zip(modality.mean, modality.std, strict=True))
