"""Palettes of BigEarthNet's reference maps: CORINE codes as the 19 classes, or each in its official colour.

The colours of the 19 classes are our own: near to what each land cover looks like, and at least 5 apart (OKLab x 100)
for normal vision, protanopia and deuteranopia alike, which the official colours, made for 44 codes, are not.
"""

from rendering.classes import NO_DATA_ID, ClassStyle, ClassTable, class_preset

NO_CLASS_ID = 0  # codes that BigEarthNet's 19 classes leave out
NO_DATA_VALUE = 0  # as stored
_NO_DATA = ClassStyle(NO_DATA_ID, "no data", "#000000", (NO_DATA_VALUE,), "checker")

# number, name, colour, CORINE codes
_CLASSES = (
    (1, "Urban fabric", "#b5333f", (111, 112)),
    (2, "Industrial or commercial units", "#a062d4", (121,)),
    (3, "Arable land", "#fdf28c", (211, 212, 213)),
    (4, "Permanent crops", "#f2850c", (221, 222, 223, 241)),
    (5, "Pastures", "#b7df4d", (231,)),
    (6, "Complex cultivation patterns", "#d0bb78", (242,)),
    (
        7,
        "Land principally occupied by agriculture, with significant areas of natural vegetation",
        "#977761",
        (243,),
    ),
    (8, "Agro-forestry areas", "#6b5005", (244,)),
    (9, "Broad-leaved forest", "#22b07a", (311,)),
    (10, "Coniferous forest", "#05451a", (312,)),
    (11, "Mixed forest", "#078a8f", (313,)),
    (12, "Natural grassland and sparsely vegetated areas", "#98eccb", (321, 333)),
    (13, "Moors, heathland and sclerophyllous vegetation", "#d991b3", (322, 323)),
    (14, "Transitional woodland, shrub", "#748800", (324,)),
    (15, "Beaches, dunes, sands", "#fff6ec", (331,)),
    (16, "Inland wetlands", "#5661a6", (411, 412)),
    (17, "Coastal wetlands", "#a5c6eb", (421, 422)),
    (18, "Inland waters", "#2aa9e7", (511, 512)),
    (19, "Marine waters", "#1c2a7c", (521, 522, 523)),
)
_LEFT_OUT = (122, 123, 124, 131, 132, 133, 141, 142, 332, 334, 335, 423, 999)

CLASSES_19 = ClassTable(
    (
        *(ClassStyle(number, name, colour, codes) for number, name, colour, codes in _CLASSES),
        ClassStyle(NO_CLASS_ID, "no BigEarthNet class", "#464446", _LEFT_OUT),
        _NO_DATA,
    )
)

# code, name, official colour
_CODES = (
    (111, "Continuous urban fabric", "#e6004d"),
    (112, "Discontinuous urban fabric", "#ff0000"),
    (121, "Industrial or commercial units", "#cc4df2"),
    (122, "Road and rail networks and associated land", "#cc0000"),
    (123, "Port areas", "#e6cccc"),
    (124, "Airports", "#e6cce6"),
    (131, "Mineral extraction sites", "#a600cc"),
    (132, "Dump sites", "#a64d00"),
    (133, "Construction sites", "#ff4dff"),
    (141, "Green urban areas", "#ffa6ff"),
    (142, "Sport and leisure facilities", "#ffe6ff"),
    (211, "Non-irrigated arable land", "#ffffa8"),
    (212, "Permanently irrigated land", "#ffff00"),
    (213, "Rice fields", "#e6e600"),
    (221, "Vineyards", "#e68000"),
    (222, "Fruit trees and berry plantations", "#f2a64d"),
    (223, "Olive groves", "#e6a600"),
    (231, "Pastures", "#e6e64d"),
    (241, "Annual crops associated with permanent crops", "#ffe6a6"),
    (242, "Complex cultivation patterns", "#ffe64d"),
    (243, "Land principally occupied by agriculture, with significant areas of natural vegetation", "#e6cc4d"),
    (244, "Agro-forestry areas", "#f2cca6"),
    (311, "Broad-leaved forest", "#80ff00"),
    (312, "Coniferous forest", "#00a600"),
    (313, "Mixed forest", "#4dff00"),
    (321, "Natural grassland", "#ccf24d"),
    (322, "Moors and heathland", "#a6ff80"),
    (323, "Sclerophyllous vegetation", "#a6e64d"),
    (324, "Transitional woodland/shrub", "#a6f200"),
    (331, "Beaches, dunes, sands", "#e6e6e6"),
    (332, "Bare rock", "#cccccc"),
    (333, "Sparsely vegetated areas", "#ccffcc"),
    (334, "Burnt areas", "#000000"),
    (335, "Glaciers and perpetual snow", "#a6e6cc"),
    (411, "Inland marshes", "#a6a6ff"),
    (412, "Peatbogs", "#4d4dff"),
    (421, "Salt marshes", "#ccccff"),
    (422, "Salines", "#e6e6ff"),
    (423, "Intertidal flats", "#a6a6e6"),
    (511, "Water courses", "#00ccf2"),
    (512, "Water bodies", "#80f2e6"),
    (521, "Coastal lagoons", "#00ffa6"),
    (522, "Estuaries", "#a6ffe6"),
    (523, "Sea and ocean", "#e6f2ff"),
    (999, "Unlabelled", "#0a0a0a"),
)
CORINE_CODES = ClassTable(
    (*(ClassStyle(code, f"{code} {name}", colour, (code,)) for code, name, colour in _CODES), _NO_DATA),
    list_absent=False,
)

CORINE_PRESETS = (
    class_preset(
        "classes",
        "BigEarthNet's 19 classes",
        "reference_map",
        CLASSES_19,
        recipe="CORINE codes merged into 19 classes, one colour each",
        advice="The classes that labels, questions and answers speak of.",
    ),
    class_preset(
        "corine",
        "CORINE land cover",
        "reference_map",
        CORINE_CODES,
        recipe="CORINE level 3 codes in their official colours",
        advice="Every code by itself, as on CORINE maps.",
    ),
)
