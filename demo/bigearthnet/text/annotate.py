"""All annotations of a patch, in the order of the table: by type, then by category."""

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from data_access.bigearthnet.map_facts import MapFacts, facts_of
from demo.bigearthnet.places import Patch
from demo.bigearthnet.text import multiple_choice as mcq
from demo.bigearthnet.text.binary import binary_questions
from demo.bigearthnet.text.boxes import box_questions
from demo.bigearthnet.text.captions import caption
from demo.bigearthnet.text.metadata_questions import climate_question, country_question, season_question
from demo.bigearthnet.text.wording import Annotation

_BENCH_SHARE = 0.7  # the bench split keeps this share of what could be asked, as a hand-checked set does


def annotations_of(patch: Patch, codes: NDArray[np.uint16], seed: int) -> list[Annotation]:
    """Write all texts of a patch.

    Args:
        patch: place, time and split.
        codes: its reference map, uint16 (y, x) CORINE codes.
        seed: equal seeds give equal texts.
    """
    rng = np.random.default_rng(np.random.PCG64([seed, zlib.crc32(patch.patch_id.encode())]))
    facts = facts_of(codes)
    written = list(_all(patch, facts, rng))
    if patch.bench:
        written = [annotation for annotation in written if rng.random() < _BENCH_SHARE]
    return written


def _all(patch: Patch, facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    country, climate, season = patch.site.country, patch.site.climate_zone, patch.season
    yield from binary_questions(facts, country, rng)
    yield from box_questions(facts, rng)
    yield caption(facts, country, season, climate, rng)
    yield from mcq.adjacency(facts, rng)
    yield from mcq.area(facts, rng)
    yield climate_question(climate, rng)
    yield from mcq.count(facts, country, rng)
    yield country_question(country, rng)
    yield from mcq.presence(facts, country, rng)
    yield from mcq.relative_position(facts, rng)
    yield season_question(season, rng)
