"""Queries that are ready to run: those of the data set's own card, and what is worth knowing beside."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SavedQuery:
    """One query with the question that it answers."""

    name: str  # stable: tests and links call it so
    title: str
    tells: str
    sql: str


SAVED: tuple[SavedQuery, ...] = (
    SavedQuery(
        "tasks",
        "All tasks",
        "Every combination of type and category, with its rows. One of the card's four.",
        """SELECT type, category, count(*) AS annotations
FROM all_data
GROUP BY type, category
ORDER BY type, category""",
    ),
    SavedQuery(
        "countries",
        "Countries",
        "Every country with its rows. One of the card's four.",
        """SELECT country, count(*) AS annotations
FROM all_data
GROUP BY country
ORDER BY annotations DESC""",
    ),
    SavedQuery(
        "seasons",
        "Seasons",
        "Every season with its rows; the questions say Autumn where this column says Fall. One of the card's four.",
        """SELECT season, count(*) AS annotations
FROM all_data
GROUP BY season
ORDER BY annotations DESC""",
    ),
    SavedQuery(
        "climate_zones",
        "Climate zones",
        "Every climate zone with its rows. One of the card's four.",
        """SELECT climate_zone, count(*) AS annotations
FROM all_data
GROUP BY climate_zone
ORDER BY annotations DESC""",
    ),
    SavedQuery(
        "balance",
        "Balance of the answers",
        "How often each answer is the right one: what a model scores that always says the same.",
        """SELECT type, category, answer, count(*) AS annotations,
    round(100 * count(*) / sum(count(*)) OVER (PARTITION BY type, category), 1) AS percent
FROM readings
WHERE split = 'bench' AND answer IS NOT NULL
GROUP BY type, category, answer
ORDER BY type, category, answer""",
    ),
    SavedQuery(
        "right_classes",
        "Classes that are the right answer",
        "The land cover classes that questions with choices ask for most, by the text of the right option.",
        """SELECT option AS class, count(*) AS annotations
FROM readings
WHERE type = 'mcq' AND category = 'presence' AND option IS NOT NULL
GROUP BY class
ORDER BY annotations DESC
LIMIT 25""",
    ),
    SavedQuery(
        "large_boxes",
        "Boxes of nearly the whole picture",
        "Boxes that cover more than nine tenths of the patch: a model finds these without looking.",
        """SELECT "ID", patch_id, category, x1, y1, x2, y2, round((x2 - x1) * (y2 - y1), 3) AS covered
FROM readings
WHERE type = 'bounding box' AND (x2 - x1) * (y2 - y1) > 0.9
ORDER BY covered DESC, "ID"
LIMIT 1000""",
    ),
    SavedQuery(
        "leaks",
        "Captions that leak",
        "Captions that name the country, the season or the climate zone, which questions on the same patch ask for.",
        """SELECT split, count(*) AS captions,
    count(*) FILTER (contains(lower(output), lower(country))) AS name_country,
    count(*) FILTER (contains(lower(output), CASE season WHEN 'Fall' THEN 'autumn' ELSE lower(season) END)
        OR contains(lower(output), lower(season))) AS name_season,
    count(*) FILTER (contains(lower(output), lower(climate_zone))) AS name_climate_zone
FROM annotations
WHERE type = 'captioning'
GROUP BY split
ORDER BY captions DESC""",
    ),
    SavedQuery(
        "caption_lengths",
        "How long captions are",
        "Captions by their number of words, in steps of ten.",
        """SELECT len(string_split(output, ' ')) // 10 * 10 AS words_from, count(*) AS captions
FROM annotations
WHERE type = 'captioning'
GROUP BY words_from
ORDER BY words_from""",
    ),
    SavedQuery(
        "malformed",
        "Rows that can not be read",
        "What is wrong with rows that do not read as their task wants, and how many there are of each.",
        """SELECT problem, type, category, count(*) AS annotations, min("ID") AS first_id
FROM readings
WHERE problem IS NOT NULL
GROUP BY problem, type, category
ORDER BY annotations DESC""",
    ),
    SavedQuery(
        "most_annotated",
        "Patches with the most annotations",
        "The hundred patches about which most is said, with their places.",
        """SELECT id AS patch_id, country, season, split, n_annotations, lon, lat
FROM patches
WHERE n_annotations > 0
ORDER BY n_annotations DESC, id
LIMIT 100""",
    ),
    SavedQuery(
        "tiles",
        "Annotations per tile",
        "Patches and annotations of each Sentinel-2 tile, by its MGRS name, at the middle of its patches.",
        """SELECT split_part(id, '_', 6) AS tile, count(*) AS patches, sum(n_annotations) AS annotations,
    round(avg(lon), 4) AS lon, round(avg(lat), 4) AS lat
FROM patches
GROUP BY tile
ORDER BY annotations DESC""",
    ),
    SavedQuery(
        "bench_in_test",
        "Ground that bench and test share",
        "Cells of the ground with a patch in bench: how many of them have one in test as well, from another day.",
        """WITH cells AS (
    SELECT split_part(id, '_', 6) || '_' || split_part(id, '_', 7) || '_' || split_part(id, '_', 8) AS cell,
        bool_or(split = 'bench') AS in_bench, bool_or(split = 'test') AS in_test, bool_or(split = 'train') AS in_train
    FROM patches
    GROUP BY cell
)
SELECT count(*) AS bench_cells, count(*) FILTER (in_test) AS also_in_test, count(*) FILTER (in_train) AS also_in_train,
    round(100 * count(*) FILTER (in_test) / count(*), 1) AS percent_in_test
FROM cells
WHERE in_bench""",
    ),
    SavedQuery(
        "months",
        "Acquisitions by month",
        "Patches by the month in which Sentinel-2 saw them, and the annotations that speak about them.",
        """SELECT date_trunc('month', time)::DATE AS month, count(*) AS patches, sum(n_annotations) AS annotations
FROM patches
WHERE time IS NOT NULL
GROUP BY month
ORDER BY month""",
    ),
    SavedQuery(
        "country_season",
        "Countries by season",
        "Patches of every country in each season, side by side.",
        """PIVOT (SELECT country, season FROM patches WHERE n_annotations > 0)
ON season IN ('Spring', 'Summer', 'Fall', 'Winter')
USING count(*)
GROUP BY country
ORDER BY country""",
    ),
)


def saved_query(name: str) -> SavedQuery | None:
    """The saved query of this name."""
    return next((each for each in SAVED if each.name == name), None)
