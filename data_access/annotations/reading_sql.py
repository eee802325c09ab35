"""What `reading` says of a row, as DuckDB expressions over the columns input, output, type and category.

For work on whole files, where nine million rows can not pass through Python. A test holds both to the same answers.
Each expression has a short way for rows written as the data set writes them, which a pattern without groups tells at a
glance (0.2 microseconds, where taking a text apart costs twenty), and a long way for all that anybody might write.
"""

from data_access.annotations.grammar import (
    BOX,
    FEWEST_OPTIONS,
    FIRST_OPTION,
    LETTERS,
    NEXT_OPTION,
    POINT,
    REFERENCE,
    SPACE,
    SPACES,
)
from data_access.tasks import NO_CATEGORY, TASKS


def _quoted(text: str) -> str:
    """A string literal; DuckDB leaves backslashes in it alone."""
    return "'" + text.replace("'", "''") + "'"


def _categories(kind: str) -> str:
    return ", ".join(_quoted(task.category) for task in TASKS if task.type == kind)


_SPACES = " || ".join(f"chr({ord(space)})" for space in SPACES)
_INPUT, _OUTPUT = "coalesce(input, '')", "coalesce(output, '')"
_WORD = f"lower(trim({_OUTPUT}, {_SPACES}))"
_TYPES = " ".join(
    f"WHEN {_quoted(kind)} THEN coalesce(category, '{NO_CATEGORY}') IN ({_categories(kind)})"
    for kind in dict.fromkeys(task.type for task in TASKS)
)
_KNOWN = f"(CASE type {_TYPES} ELSE false END)"


def _is_empty(text: str) -> str:
    """Nothing but blanks; most texts begin with something behind them in the alphabet, and are not trimmed."""
    return f"(CASE WHEN {text} >= '!' THEN false ELSE trim({text}, {_SPACES}) = '' END)"


# Options, the short way: the only brackets are those of the four markers, and every option has a text.
_PLAIN_OPTION = r"[^) \t\r\n][^)]*"
_PLAIN_OPTIONS = rf"(?:[^)]*{SPACE})?a\) {_PLAIN_OPTION}, b\) {_PLAIN_OPTION}, c\) {_PLAIN_OPTION}, d\) {_PLAIN_OPTION}"
_IS_PLAIN = f"regexp_full_match({_INPUT}, {_quoted(_PLAIN_OPTIONS)})"
_PIECES = f"string_split({_INPUT}, ') ')"  # behind each marker; all but the last end with the next one's letter
# The long way: everything behind the first "a) ", split at ", b) " and the like.
_REST = f"regexp_extract({_INPUT}, {_quoted(f'(?s)(?:{FIRST_OPTION})(.*)')}, 1)"
_LETTERS = f"regexp_extract_all({_REST}, {_quoted(NEXT_OPTION)}, 1)"
_TEXTS = (
    f"list_transform(string_split_regex({_REST}, {_quoted(NEXT_OPTION.replace('(', '(?:', 1))}), "
    f"lambda option: trim(option, {_SPACES}))"
)
_ORDERS = ", ".join(_quoted(LETTERS[1:count]) for count in range(FEWEST_OPTIONS, len(LETTERS) + 1))
_HAS_ODD_OPTIONS = f"array_to_string({_LETTERS}, '') IN ({_ORDERS}) AND NOT list_contains({_TEXTS}, '')"
_PLACE = f"(CASE WHEN length({_WORD}) = 1 THEN instr('{LETTERS}', {_WORD}) ELSE 0 END)"  # of the letter, from 1
_PLAIN_CHOSEN = f"trim(left({_PIECES}[{_PLACE} + 1], CASE {_PLACE} WHEN 4 THEN 1 << 30 ELSE -3 END), {_SPACES})"
_ODD_CHOSEN = f"({_TEXTS})[{_PLACE}]"
_NO_LETTER = f"CASE WHEN {_is_empty(_OUTPUT)} THEN 'output' ELSE 'letter' END"

# Boxes. The numbers are all that is neither a sign nor a blank, once the text is known to be a box.
_PLAIN_NUMBER = r"(?:0\.[0-9]{1,17}|1\.0|0|1)"
_PLAIN_BOX = rf"\[{_PLAIN_NUMBER} {_PLAIN_NUMBER}, {_PLAIN_NUMBER} {_PLAIN_NUMBER}\]"
_IS_PLAIN_BOX = f"regexp_full_match({_OUTPUT}, {_quoted(_PLAIN_BOX)})"
_IS_BOX = f"(CASE WHEN {_IS_PLAIN_BOX} THEN true ELSE regexp_full_match({_OUTPUT}, {_quoted(BOX)}) END)"
_NUMBERS = (
    f"(CASE WHEN {_IS_PLAIN_BOX} THEN replace({_OUTPUT}[2:-2], ',', '') "
    f"ELSE trim(regexp_replace({_OUTPUT}, '[^-.0-9]+', ' ', 'g')) END)"
)
_CORNERS = f"try_cast(string_split({_NUMBERS}, ' ') AS DOUBLE[])"


def _with_corners(expression: str) -> str:
    """An expression over the numbers `box`, which are read only once."""
    return f"list_transform([{_CORNERS}], lambda box: {expression})[1]"


_INSIDE = " AND ".join(f"box[{number}] BETWEEN 0 AND 1" for number in (1, 2, 3, 4))
_ORDERED = "box[1] <= box[3] AND box[2] <= box[4]"


# What a box question marks.
def _once(tag: str) -> str:
    return f"len(string_split({_INPUT}, '{tag}')) = 2"


def _coordinate(group: int) -> str:
    return f"try_cast(regexp_extract({_INPUT}, {_quoted(POINT)}, {group}) AS DOUBLE)"


def _is_inside(group: int) -> str:
    return f"coalesce({_coordinate(group)}, -1) BETWEEN 0 AND 1"


_PLAIN_POINT = rf"[^<]*<point>\({_PLAIN_NUMBER}, {_PLAIN_NUMBER}\)</point>[^<]*"
_HAS_POINT = (
    f"(CASE WHEN regexp_full_match({_INPUT}, {_quoted(_PLAIN_POINT)}) THEN true "
    f"ELSE {_once('<point>')} AND {_once('</point>')} AND {_is_inside(1)} AND {_is_inside(2)} END)"
)
_PHRASE = f"trim(regexp_extract({_INPUT}, {_quoted(REFERENCE)}, 1), {_SPACES})"
_PLAIN_REFERENCE = r"[^<]*<ref>[^<> \t\r\n][^<>]*</ref>[^<]*"
_HAS_REFERENCE = (
    f"(CASE WHEN regexp_full_match({_INPUT}, {_quoted(_PLAIN_REFERENCE)}) THEN true "
    f"ELSE {_once('<ref>')} AND {_once('</ref>')} AND {_PHRASE} <> '' END)"
)

# A short code of `grammar.PROBLEMS`, or null. An AND has both its sides worked out for every row; only CASE saves work.
_BOX_PROBLEM = _with_corners(f"CASE WHEN NOT ({_INSIDE}) THEN 'box bounds' WHEN NOT ({_ORDERED}) THEN 'box order' END")
PROBLEM_SQL = f"""
CASE
    WHEN NOT {_KNOWN} THEN 'task'
    WHEN {_is_empty(_INPUT)} THEN 'input'
    ELSE CASE type
        WHEN 'binary' THEN CASE WHEN output IN ('yes', 'no') THEN NULL WHEN {_is_empty(_OUTPUT)} THEN 'output'
            WHEN {_WORD} NOT IN ('yes', 'no') THEN 'answer' END
        WHEN 'mcq' THEN CASE
            WHEN {_IS_PLAIN} THEN CASE WHEN {_PLACE} = 0 THEN {_NO_LETTER} END
            WHEN NOT ({_HAS_ODD_OPTIONS}) THEN 'options'
            WHEN {_PLACE} = 0 OR {_ODD_CHOSEN} IS NULL THEN {_NO_LETTER} END
        WHEN 'captioning' THEN CASE WHEN {_is_empty(_OUTPUT)} THEN 'output' END
        ELSE CASE WHEN NOT CASE category WHEN 'point' THEN {_HAS_POINT} ELSE {_HAS_REFERENCE} END THEN category
            WHEN {_is_empty(_OUTPUT)} THEN 'output' WHEN NOT {_IS_BOX} THEN 'box' ELSE {_BOX_PROBLEM} END
    END
END
"""

# 'yes', 'no', 'a', 'b', 'c', 'd', or null: of a question with a readable answer.
ANSWER_SQL = f"""
CASE WHEN NOT {_KNOWN} THEN NULL ELSE CASE type
    WHEN 'binary' THEN CASE WHEN {_WORD} IN ('yes', 'no') THEN {_WORD} END
    WHEN 'mcq' THEN CASE WHEN {_PLACE} = 0 THEN NULL WHEN {_IS_PLAIN} THEN {_WORD}
        WHEN NOT ({_HAS_ODD_OPTIONS}) THEN NULL WHEN {_ODD_CHOSEN} IS NOT NULL THEN {_WORD} END
END END
"""

# The text of the option that a multiple choice question's answer names, or null.
OPTION_SQL = f"""
CASE WHEN type = 'mcq' THEN CASE WHEN NOT {_KNOWN} OR {_PLACE} = 0 THEN NULL WHEN {_IS_PLAIN} THEN {_PLAIN_CHOSEN}
    WHEN {_HAS_ODD_OPTIONS} THEN {_ODD_CHOSEN} END END
"""

# Left, top, right, bottom, 0 to 1 from the top left, as DOUBLE[]; or null.
BOX_SQL = f"""
CASE WHEN type = 'bounding box' THEN CASE WHEN NOT {_KNOWN} THEN NULL
    WHEN {_IS_BOX} THEN {_with_corners(f"CASE WHEN {_INSIDE} AND {_ORDERED} THEN box END")} END END
"""

# The place that a box question marks: x, y, 0 to 1 from the top left, as DOUBLE[]; or null.
POINT_SQL = f"""
CASE WHEN type = 'bounding box' THEN CASE WHEN NOT {_KNOWN} OR NOT contains({_INPUT}, '<point>') THEN NULL
    WHEN {_HAS_POINT} THEN [{_coordinate(1)}, {_coordinate(2)}] END END
"""
