"""What `reading` says of a row, as DuckDB expressions over the columns input, output, type and category.

For work on whole files, where nine million rows can not pass through Python. A test holds both to the same answers.
"""

from data_access.annotations.grammar import (
    BOX,
    FEWEST_OPTIONS,
    FIRST_OPTION,
    LETTERS,
    NEXT_OPTION,
    POINT,
    REFERENCE,
    SPACES,
)
from data_access.tasks import NO_CATEGORY, TASKS


def _quoted(text: str) -> str:
    """A string literal; DuckDB leaves backslashes in it alone."""
    return "'" + text.replace("'", "''") + "'"


_SPACES = " || ".join(f"chr({ord(space)})" for space in SPACES)
_CATEGORY = f"coalesce(category, '{NO_CATEGORY}')"
_KNOWN = "({})".format(
    " OR ".join(f"(type = {_quoted(task.type)} AND {_CATEGORY} = {_quoted(task.category)})" for task in TASKS)
)
_INPUT, _OUTPUT = "coalesce(input, '')", "coalesce(output, '')"
_ASKED = f"trim({_INPUT}, {_SPACES})"
_WORD = f"lower(trim({_OUTPUT}, {_SPACES}))"

# Options: everything behind the first "a) ", split at ", b) " and the like.
_REST = f"regexp_extract({_INPUT}, {_quoted(f'(?s)(?:{FIRST_OPTION})(.*)')}, 1)"
_LETTERS = f"regexp_extract_all({_REST}, {_quoted(NEXT_OPTION)}, 1)"
_TEXTS = (
    f"list_transform(string_split_regex({_REST}, {_quoted(NEXT_OPTION.replace('(', '(?:', 1))}), "
    f"lambda option: trim(option, {_SPACES}))"
)
_ORDERS = ", ".join(_quoted(LETTERS[1:count]) for count in range(FEWEST_OPTIONS, len(LETTERS) + 1))
_HAS_OPTIONS = f"(array_to_string({_LETTERS}, '') IN ({_ORDERS}) AND NOT list_contains({_TEXTS}, ''))"
_LETTER_PLACE = f"(CASE WHEN length({_WORD}) = 1 THEN instr('{LETTERS}', {_WORD}) ELSE 0 END)"
_CHOSEN = f"({_TEXTS})[{_LETTER_PLACE}]"  # nothing stands at place 0, nor beyond the last

_IS_BOX = f"regexp_full_match({_OUTPUT}, {_quoted(BOX)})"
_CORNERS = "[{}]".format(
    ", ".join(f"try_cast(regexp_extract({_OUTPUT}, {_quoted(BOX)}, {group}) AS DOUBLE)" for group in (1, 2, 3, 4))
)


def _once(tag: str) -> str:
    return f"len(string_split({_INPUT}, '{tag}')) = 2"


def _coordinate(group: int) -> str:
    return f"coalesce(try_cast(regexp_extract({_INPUT}, {_quoted(POINT)}, {group}) AS DOUBLE), -1) BETWEEN 0 AND 1"


_HAS_POINT = f"({_once('<point>')} AND {_once('</point>')} AND {_coordinate(1)} AND {_coordinate(2)})"
_PHRASE = f"trim(regexp_extract({_INPUT}, {_quoted(REFERENCE)}, 1), {_SPACES})"
_HAS_REFERENCE = f"({_once('<ref>')} AND {_once('</ref>')} AND {_PHRASE} <> '')"

# A short code of `grammar.PROBLEMS`, or null.
PROBLEM_SQL = f"""
CASE
    WHEN NOT coalesce({_KNOWN}, false) THEN 'task'
    WHEN {_ASKED} = '' THEN 'input'
    WHEN type = 'mcq' AND NOT {_HAS_OPTIONS} THEN 'options'
    WHEN type = 'bounding box' AND category = 'point' AND NOT {_HAS_POINT} THEN 'point'
    WHEN type = 'bounding box' AND category = 'reference' AND NOT {_HAS_REFERENCE} THEN 'reference'
    WHEN {_WORD} = '' THEN 'output'
    WHEN type = 'binary' AND {_WORD} NOT IN ('yes', 'no') THEN 'answer'
    WHEN type = 'mcq' AND {_CHOSEN} IS NULL THEN 'letter'
    WHEN type <> 'bounding box' THEN NULL
    WHEN NOT {_IS_BOX} THEN 'box'
    WHEN list_min({_CORNERS}) < 0 OR list_max({_CORNERS}) > 1 THEN 'box bounds'
    WHEN ({_CORNERS})[1] > ({_CORNERS})[3] OR ({_CORNERS})[2] > ({_CORNERS})[4] THEN 'box order'
END
"""

# 'yes', 'no', 'a', 'b', 'c', 'd', or null: of a question with a readable answer.
ANSWER_SQL = f"""
CASE
    WHEN NOT coalesce({_KNOWN}, false) THEN NULL
    WHEN type = 'binary' AND {_WORD} IN ('yes', 'no') THEN {_WORD}
    WHEN type = 'mcq' AND {_HAS_OPTIONS} AND {_CHOSEN} IS NOT NULL THEN {_WORD}
END
"""

# The text of the option that a multiple choice question's answer names, or null.
OPTION_SQL = f"CASE WHEN type = 'mcq' AND coalesce({_KNOWN}, false) AND {_HAS_OPTIONS} THEN {_CHOSEN} END"

# Left, top, right, bottom, 0 to 1 from the top left, as DOUBLE[]; or null.
BOX_SQL = f"""
CASE WHEN type = 'bounding box' AND coalesce({_KNOWN}, false) AND {_IS_BOX}
    AND list_min({_CORNERS}) >= 0 AND list_max({_CORNERS}) <= 1
    AND ({_CORNERS})[1] <= ({_CORNERS})[3] AND ({_CORNERS})[2] <= ({_CORNERS})[4]
THEN {_CORNERS} END
"""
