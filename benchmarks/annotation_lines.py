"""What the benchmark of the annotations asks, line by line, whoever answers.

A line is asked several times, each time otherwise, so that nobody answers from memory; its time is the median, and the
answers of all sides are compared.
"""

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

Answer = object
Made = TypeVar("Made")
BoundingBox = tuple[float, float, float, float]

PAGE = 100  # rows of a page
FIELDS = ("type", "category", "split", "country", "season", "climate_zone")  # that facets count


@dataclass(frozen=True)
class Wanted:
    """A filter as every side understands it: one category, a box in degrees, words and phrases of the row's text."""

    category: str = ""
    bbox: BoundingBox | None = None
    terms: tuple[str, ...] = ()


class Side(Protocol):
    """Somebody who answers; `repeats` says how many questions of a line are enough for the slow ones."""

    repeats: int

    def count(self, wanted: Wanted) -> tuple[int, int]:
        """Rows that match, and their patches."""

    def facets(self, wanted: Wanted) -> Mapping[str, Mapping[str, int]]:
        """Rows per value of `FIELDS`, each ignoring its own restriction."""

    def page(self, wanted: Wanted) -> list[int]:
        """The IDs of the first `PAGE` matching rows, all columns read."""

    def patch(self, patch_id: str) -> int:
        """The number of rows of a patch, all columns read."""

    def tasks(self, wanted: Wanted) -> int:
        """Rows per task, split and answer, and how many they are."""

    def boxes(self, wanted: Wanted) -> int:
        """Boxes by place and size, and how many they are."""

    def words(self, wanted: Wanted) -> int:
        """Words of captions by season and country, and how many captions they are of."""

    def per_patch(self, wanted: Wanted) -> int:
        """Patches by their number of annotations, and how many they are."""


# Places of different sizes: a large country, a coast, a small country, one tile, and half of Europe.
BOXES: tuple[BoundingBox, ...] = (
    (20.0, 59.5, 32.0, 70.0),
    (-10.0, 36.0, -7.5, 42.5),
    (5.5, 49.3, 6.6, 50.3),
    (15.0, 47.0, 16.5, 48.0),
    (-11.0, 35.0, 17.0, 56.0),
)
PLACES = tuple(Wanted(bbox=box) for box in BOXES)
CATEGORIES = tuple(Wanted(category=name) for name in ("presence", "season", "relative pos", "point", "None"))
SEARCHES = {
    "a rare word": ("1,237,000", "1,119,000", "1,301,000"),
    "a common word": ("forest", "pastures", "the"),
    "two words": ("coniferous pastures", "scene urban", "finland wetlands"),
    "a phrase": ('"arable land and pastures"', '"continuous area of mixed forest"', '"taken over portugal"'),
    "no match": ("zeppelin", "satelltite", '"forest of pastures"'),
}


@dataclass
class Measured:
    """What one line came to.

    Attributes:
        seconds: of each question.
        answers: to each question.
        cpu_seconds: that all threads of the process computed meanwhile; tells more where others use the machine too.
    """

    seconds: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        """The line's time in milliseconds."""
        return statistics.median(self.seconds) * 1e3

    @property
    def cpu_ms(self) -> float:
        """The line's computing time in milliseconds."""
        return statistics.median(self.cpu_seconds) * 1e3


Report = dict[str, Measured]


def search(text: str) -> Wanted:
    """Words, or a phrase between double quotes."""
    return Wanted(terms=(text.strip('"'),) if text.startswith('"') else tuple(text.split()))


def questions(side: Side, patches: Sequence[str]) -> dict[str, list[Callable[[], Answer]]]:
    """Every line with its questions.

    Args:
        side: who answers.
        patches: ids to open.
    """
    found: dict[str, list[Callable[[], Answer]]] = {
        "filter by category": [partial(side.count, wanted) for wanted in CATEGORIES],
        "filter by place": [partial(side.count, wanted) for wanted in PLACES],
        "facets, by category": [partial(side.facets, wanted) for wanted in CATEGORIES],
        "facets, by place": [partial(side.facets, wanted) for wanted in PLACES],
    }
    for name, texts in SEARCHES.items():
        found[f"search, {name}"] = [partial(side.count, search(text)) for text in texts]
    found["search in a category"] = [
        partial(side.count, Wanted("adjacency", None, ("marine",))),
        partial(side.count, Wanted("None", None, ("neighbours", "tundra"))),
    ]
    found["rows of a page"] = [partial(side.page, Wanted("presence", box)) for box in BOXES]
    found["a patch"] = [partial(side.patch, patch) for patch in patches]
    for name, chart in (("tasks", side.tasks), ("boxes", side.boxes), ("annotations per patch", side.per_patch)):
        found[f"chart, {name}"] = [partial(chart, wanted) for wanted in PLACES]
    found["chart, words"] = [partial(side.words, wanted) for wanted in PLACES]
    return found


def ask(side: Side, patches: Sequence[str]) -> Report:
    """Ask everything once and note times and answers."""
    report: Report = {}
    for name, asked in questions(side, patches).items():
        line = report[name] = Measured()
        for question in asked if name == "a patch" and side.repeats > 1 else asked[: side.repeats]:
            computed = time.process_time()
            took, answer = timed(question)
            line.seconds.append(took)
            line.cpu_seconds.append(time.process_time() - computed)
            line.answers.append(answer)
    report["peak MB"] = Measured([peak_mb() / 1e3], [None])
    return report


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Seconds that `work` takes, and what it gives."""
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def peak_mb() -> float:
    """Largest resident memory of this process so far, mapped files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
