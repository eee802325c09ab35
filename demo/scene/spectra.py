"""Reflectance of materials in the twelve bands of Sentinel-2 L2A, x 10,000.

Round numbers in the range of published spectral libraries and of real Sentinel-2 scenes; drawn by eye, not measured.
"""

import numpy as np
from numpy.typing import NDArray

Spectrum = NDArray[np.float32]

L1C_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
L2A_BANDS = tuple(band for band in L1C_BANDS if band != "B10")
RESOLUTION_M: dict[str, int] = {
    "B01": 60, "B02": 10, "B03": 10, "B04": 10, "B05": 20, "B06": 20, "B07": 20,
    "B08": 10, "B8A": 20, "B09": 60, "B10": 60, "B11": 20, "B12": 20,
}  # fmt: skip


def _spectrum(*values: int) -> Spectrum:
    return np.array(values, dtype=np.float32)


# plants                  B01   B02   B03   B04   B05   B06   B07   B08   B8A   B09   B11   B12
GRASS = _spectrum(        290,  340,  640,  420, 1050, 2700, 3350, 3500, 3700, 3700, 2100, 1080)  # fmt: skip
CROP = _spectrum(         250,  300,  590,  340,  950, 3200, 4200, 4400, 4550, 4500, 1900,  900)  # fmt: skip
RAPE = _spectrum(         420,  500, 1350, 1250, 1700, 3000, 3600, 3800, 3950, 3900, 1900,  950)  # fmt: skip
BROADLEAF = _spectrum(    210,  235,  470,  290,  780, 2450, 3050, 3200, 3350, 3350, 1600,  730)  # fmt: skip
AUTUMN = _spectrum(       260,  300,  560,  820, 1250, 1950, 2250, 2350, 2500, 2500, 1800,  930)  # fmt: skip
CONIFER = _spectrum(      170,  185,  320,  225,  480, 1350, 1700, 1800, 1900, 1900,  850,  400)  # fmt: skip
JUNGLE = _spectrum(       190,  205,  410,  235,  650, 2250, 2850, 3000, 3150, 3150, 1450,  640)  # fmt: skip
MANGROVE = _spectrum(     200,  220,  400,  260,  640, 1950, 2450, 2600, 2700, 2700,  900,  360)  # fmt: skip
BRUSH = _spectrum(        300,  360,  600,  560, 1000, 1900, 2250, 2350, 2500, 2500, 1950, 1150)  # fmt: skip
HEATHER = _spectrum(      300,  340,  470,  560,  840, 1300, 1500, 1600, 1750, 1750, 1800, 1180)  # fmt: skip
REED = _spectrum(         310,  370,  560,  520,  850, 1550, 1800, 1900, 2000, 2050, 1250,  700)  # fmt: skip
BOG = _spectrum(          330,  400,  600,  720, 1050, 1600, 1800, 1900, 2050, 2100, 1850, 1150)  # fmt: skip
STRAW = _spectrum(        720,  880, 1320, 1800, 2250, 2500, 2700, 2850, 3050, 3050, 3700, 2700)  # fmt: skip
TWIGS = _spectrum(        350,  400,  560,  690,  900, 1150, 1300, 1400, 1550, 1600, 1900, 1300)  # fmt: skip
# ground
SOIL = _spectrum(         520,  640,  900, 1220, 1500, 1680, 1820, 1920, 2080, 2120, 2750, 2380)  # fmt: skip
DARK_SOIL = _spectrum(    400,  460,  620,  800,  990, 1120, 1220, 1310, 1420, 1460, 1980, 1720)  # fmt: skip
RED_SOIL = _spectrum(     430,  500,  830, 1700, 2100, 2300, 2450, 2550, 2800, 2850, 3550, 2950)  # fmt: skip
PALE_SOIL = _spectrum(   1050, 1280, 1800, 2330, 2680, 2830, 2970, 3050, 3200, 3250, 4100, 3700)  # fmt: skip
SAND = _spectrum(        1450, 1750, 2420, 3050, 3400, 3550, 3650, 3700, 3850, 3900, 4650, 4300)  # fmt: skip
RED_SAND = _spectrum(     650,  800, 1400, 2750, 3250, 3450, 3600, 3680, 3900, 3900, 4700, 4300)  # fmt: skip
GRAVEL = _spectrum(      1150, 1300, 1500, 1700, 1800, 1880, 1950, 2000, 2080, 2100, 2500, 2350)  # fmt: skip
ROCK = _spectrum(         820,  930, 1130, 1330, 1480, 1580, 1680, 1740, 1830, 1850, 2250, 2050)  # fmt: skip
RED_ROCK = _spectrum(     680,  780, 1120, 1850, 2250, 2400, 2500, 2560, 2700, 2750, 3350, 2850)  # fmt: skip
LAVA = _spectrum(         350,  380,  420,  470,  510,  540,  570,  600,  620,  640,  750,  720)  # fmt: skip
ASH = _spectrum(          300,  330,  380,  430,  520,  620,  720,  820,  950, 1000, 1900, 1950)  # fmt: skip
SALT = _spectrum(        4300, 4700, 5200, 5500, 5700, 5800, 5850, 5850, 5850, 5700, 4900, 4000)  # fmt: skip
SNOW = _spectrum(        8700, 8900, 8750, 8550, 8450, 8250, 8050, 7950, 7650, 7200,  900,  700)  # fmt: skip
GLACIER = _spectrum(     6500, 6750, 6650, 6150, 5800, 5300, 4900, 4600, 4250, 3900,  480,  380)  # fmt: skip
# built
ASPHALT = _spectrum(      780,  860,  930, 1000, 1060, 1100, 1150, 1200, 1260, 1280, 1480, 1430)  # fmt: skip
RED_ROOF = _spectrum(     780,  880, 1120, 1850, 2050, 2150, 2250, 2350, 2450, 2500, 2850, 2650)  # fmt: skip
GREY_ROOF = _spectrum(   1250, 1400, 1550, 1650, 1730, 1800, 1850, 1930, 2000, 2050, 2250, 2150)  # fmt: skip
WHITE_ROOF = _spectrum(  3100, 3400, 3700, 3900, 3950, 4000, 4050, 4100, 4100, 4100, 3900, 3600)  # fmt: skip
MUD_ROOF = _spectrum(    1000, 1200, 1650, 2150, 2450, 2600, 2700, 2800, 2950, 3000, 3700, 3300)  # fmt: skip
# water, seen from above
CLEAR_WATER = _spectrum(  270,  230,  170,  100,   85,   65,   60,   55,   50,   50,   30,   20)  # fmt: skip
LAKE_WATER = _spectrum(   210,  200,  210,  130,  120,   85,   80,   75,   65,   65,   35,   25)  # fmt: skip
BROWN_WATER = _spectrum(  520,  640,  950, 1050,  960,  560,  500,  440,  340,  300,   90,   60)  # fmt: skip
PADDY_WATER = _spectrum(  430,  500,  680,  590,  640,  700,  720,  750,  760,  780,  350,  220)  # fmt: skip

# how fast light fades on its way down and up through clear sea water, per metre
FADING = np.array([0.05, 0.05, 0.10, 0.42, 0.7, 1.6, 2.0, 2.6, 4.0, 5.0, 9.0, 9.0], dtype=np.float32)
