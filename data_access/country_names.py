"""Names of countries in full: the atlas shortens the long ones to fit on a map."""

import re

_WHOLE_NAMES = {  # where replacing words would not do, and BigEarthNet's own spellings
    "Antigua and Barb.": "Antigua and Barbuda",
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Congo": "Republic of the Congo",
    "Dem. Rep. Congo": "Democratic Republic of the Congo",
    "eSwatini": "Eswatini",
    "Fr. S. Antarctic Lands": "French Southern and Antarctic Lands",
    "Macedonia": "North Macedonia",
    "Republic of Serbia": "Serbia",
    "S. Geo. and the Is.": "South Georgia and the South Sandwich Islands",
    "St-Barthélemy": "Saint Barthélemy",
    "St-Martin": "Saint Martin",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "USNB Guantanamo Bay": "Guantanamo Bay",
    "Vatican": "Vatican City",
}
_WORDS = {
    "Br.": "British",
    "Eq.": "Equatorial",
    "Faeroe": "Faroe",
    "Fr.": "French",
    "I.": "Island",
    "Is.": "Islands",
    "N.": "Northern",
    "Rep.": "Republic",
    "S.": "South",
    "St.": "Saint",
    "Ter.": "Territory",
    "U.N.": "United Nations",
    "U.S.": "United States",
    "W.": "Western",
}
_WORD = re.compile(r"\S+")


def full_name(name: str) -> str:
    """The full English name behind a name of the atlas, such as "Western Sahara" for "W. Sahara"."""
    return _WHOLE_NAMES.get(name) or _WORD.sub(lambda word: _WORDS.get(word[0], word[0]), name)
