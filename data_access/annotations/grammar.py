"""The grammar of BigEarthNet.txt's texts: patterns that Python and DuckDB read alike, and what may be wrong with a row.

DuckDB's RE2 gives "space", "digit" and "word" other meanings beyond ASCII than Python does, so every set of characters
is written out. No pattern has two ways to read one text, so Python's search takes time linear in it, as RE2's does.
"""

from collections.abc import Mapping
from types import MappingProxyType

LETTERS = "abcd"  # questions have four options
FEWEST_OPTIONS = 2  # one option is no choice

# Patterns that Python and DuckDB's RE2 read alike: no \s, \d or \w, whose meaning differs beyond ASCII.
SPACE = r"[ \t\r\n]"
SPACES = " \t\r\n"  # the same, as `str.strip` takes it
NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,17})?"  # what `repr` gives a float between 0.0001 and 1, and some more
FIRST_OPTION = rf"(?:^|{SPACE})a\) "
NEXT_OPTION = r", ([a-z])\) "
BOX = (
    rf"{SPACE}*\[{SPACE}*({NUMBER}){SPACE}+({NUMBER}){SPACE}*,"
    rf"{SPACE}*({NUMBER}){SPACE}+({NUMBER}){SPACE}*\]{SPACE}*"
)
POINT = rf"<point>{SPACE}*\({SPACE}*({NUMBER}){SPACE}*,{SPACE}*({NUMBER}){SPACE}*\){SPACE}*</point>"
REFERENCE = r"<ref>([^<>]*)</ref>"
TAGS = ("<point>", "</point>", "<ref>", "</ref>")

# What can be wrong with a row: a short code for SQL, and the sentence that pages show.
PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "task": "Its type and category are none of the fifteen known tasks.",
        "input": "It has no question.",
        "options": "Its options are not lettered a), b), c), d) in this order, each with a text.",
        "point": "Its question marks no single point as <point>(x, y)</point> with numbers from 0 to 1.",
        "reference": "Its question marks no single phrase as <ref>phrase</ref>.",
        "output": "It has no answer.",
        "answer": "Its answer is neither yes nor no.",
        "letter": "Its answer is not the letter of one of its options.",
        "box": "Its answer is not one box [x1 y1, x2 y2].",
        "box bounds": "Its box leaves the picture: the numbers are not all from 0 to 1.",
        "box order": "Its box is reversed: the second corner lies left of the first, or above it.",
    }
)
