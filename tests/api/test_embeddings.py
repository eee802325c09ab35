"""Embeddings over HTTP: pictures in their own and in shared bases, likeness, change, numbers."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from api.routes import generations
from errors import UnknownGenerationError
from generation.embedding_parts import Part
from generation.kept_result import KeptResult
from generation.outcome import Outcome
from generation.pca import changes, cosines, fit, picture, ranges
from generation.request import Request
from tests.generation.judging.kept import keep
from tests.memory_dataset import MemoryCollections, MemoryDataset

LAYERS, GRID, DIMENSIONS = 3, (7, 7), 24
Array = NDArray[np.float32]


class Results:
    """A service that knows some results."""

    def __init__(self, *results: KeptResult) -> None:
        self.kept = {result.id: result for result in results}

    def result(self, run: str) -> KeptResult:
        if run not in self.kept:
            raise UnknownGenerationError("There is no such result.")
        return self.kept[run]


def layers(seed: int) -> Array:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(LAYERS, *GRID, DIMENSIONS)) * np.linspace(5, 0.1, DIMENSIONS)).astype(np.float32)


def outcome(names: tuple[str, ...], seed: int = 0, *, all_layers: bool = True) -> Outcome:
    kept = {name: layers(seed + number) for number, name in enumerate(names)}
    extras = {name: each[-1] for name, each in kept.items()}
    if all_layers:
        extras |= {f"{name}_layers": each for name, each in kept.items()}
    parts = [Part(name, name.partition("_")[2], *GRID, name).to_json() for name in names]
    facts = {
        "layers": LAYERS,
        "layer": LAYERS - 1,
        "all_layers": all_layers,
        "dimensions": DIMENSIONS,
        "parts": parts,
    }
    return Outcome(extras=extras, facts=facts)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KeptResult]:
    folder = tmp_path_factory.mktemp("kept")
    request = Request(inputs=("S2L2A",), kind="embed")
    return {
        "embed": keep(folder, outcome(("embedding",)), request),
        "other": keep(folder, outcome(("embedding",), 9), request),
        "large": keep(folder, outcome(("embedding",), all_layers=False), request),
        "think": keep(
            folder,
            outcome(("without", "with", "without_DEM", "with_DEM"), 20),
            Request(inputs=("DEM",), outputs=("LULC",), kind="think"),
        ),
        "nothing": keep(folder, Outcome(), request),
    }


@pytest.fixture(scope="module")
def client(runs: dict[str, KeptResult]) -> Iterator[TestClient]:
    api = create_api(Opening(lambda: MemoryCollections({"terramesh": MemoryDataset(revision="tm1")})))
    with pytest.MonkeyPatch.context() as patched, TestClient(api) as opened:
        patched.setattr(generations, "service", lambda: Results(*runs.values()))
        yield opened
    api.state.hall.close()


@pytest.fixture
def at(runs: dict[str, KeptResult]) -> dict[str, str]:
    return {name: f"/generations/{result.id}/embeddings" for name, result in runs.items()}


def pixels(client: TestClient, address: str) -> NDArray[np.uint8]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/webp"
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"))


def test_what_a_run_kept_is_told(client: TestClient, at: dict[str, str]) -> None:
    assert client.get(at["embed"]).json() == {
        "layers": LAYERS,
        "layer": 2,
        "dimensions": DIMENSIONS,
        "all_layers": True,
        "parts": [{"name": "embedding", "modality": "", "rows": 7, "columns": 7}],
    }
    names = [part["name"] for part in client.get(at["think"]).json()["parts"]]
    assert names == ["without", "with", "without_DEM", "with_DEM"]


@pytest.mark.parametrize("layer", [None, 0, -2])
def test_a_picture_shows_the_principal_components_patch_by_patch(
    client: TestClient, at: dict[str, str], layer: int | None
) -> None:
    drawn = pixels(client, f"{at['embed']}/embedding.webp" + ("" if layer is None else f"?layer={layer}"))
    assert drawn.shape == (112, 112, 3)  # 16 pixels a patch
    vectors = layers(0)[-1 if layer is None else layer]
    projection = fit([vectors]).project(vectors)
    expected = np.rint(picture(projection, ranges([projection])) * 255)
    np.testing.assert_allclose(drawn[8::16, 8::16], expected, atol=1)
    assert (drawn[:16, :16] == drawn[0, 0]).all()  # a patch is one colour


def test_components_and_size_can_be_chosen(client: TestClient, at: dict[str, str]) -> None:
    usual = pixels(client, f"{at['embed']}/embedding.webp?size=14")
    swapped = pixels(client, f"{at['embed']}/embedding.webp?size=14&components=3,1,2")
    np.testing.assert_array_equal(usual[..., [2, 0, 1]], swapped)
    legend = client.get(f"{at['embed']}/embedding/legend?components=3,1,2").json()
    assert [channel["source"].split(",")[0] for channel in legend["channels"]] == [
        "component 3",
        "component 1",
        "component 2",
    ]
    assert "% of the variance" in legend["channels"][0]["source"]


def test_a_shared_basis_makes_colours_comparable(
    client: TestClient, at: dict[str, str], runs: dict[str, KeptResult]
) -> None:
    shared = f"basis={runs['other'].id}:embedding"
    drawn = pixels(client, f"{at['embed']}/embedding.webp?size=14&{shared}")[::2, ::2]
    own, other = layers(0)[-1], layers(9)[-1]
    basis = fit([own, other])
    limits = ranges([basis.project(own), basis.project(other)])
    np.testing.assert_allclose(drawn, np.rint(picture(basis.project(own), limits) * 255), atol=1)
    legend = client.get(f"{at['embed']}/embedding/legend?{shared}").json()
    assert "fitted on 2 embeddings together" in legend["recipe"]
    both = client.get(f"{at['think']}/with/legend?basis=without&basis=with").json()
    assert "fitted on 2 embeddings" in both["recipe"]
    every = client.get(f"{at['embed']}/embedding/legend?basis=layers&layer=1").json()
    assert f"fitted on {LAYERS} embeddings" in every["recipe"]


def test_likeness_to_a_patch_is_drawn_and_told(client: TestClient, at: dict[str, str]) -> None:
    told = client.get(f"{at['embed']}/embedding/likeness?x=5&y=2").json()["values"]
    expected = cosines(layers(0)[-1], 5, 2)
    np.testing.assert_allclose(told, expected, atol=1e-4)
    legend = client.get(f"{at['embed']}/embedding/likeness/legend?x=5&y=2").json()
    assert legend["range"] == [pytest.approx(float(expected.min())), 1.0]
    drawn = pixels(client, f"{at['embed']}/embedding/likeness.webp?x=5&y=2&size=14")[::2, ::2]
    assert drawn[2, 5].sum() == drawn.sum(axis=2).max()  # the end of viridis is its brightest


def test_change_by_thinking_is_drawn(client: TestClient, at: dict[str, str]) -> None:
    for part, first in (("", 0), ("DEM", 2)):
        turned = changes(layers(20 + first)[-1], layers(21 + first)[-1])
        legend = client.get(f"{at['think']}/change/legend?part={part}").json()
        assert legend["range"] == [0.0, pytest.approx(float(turned.max()))]
        drawn = pixels(client, f"{at['think']}/change.webp?part={part}&size=14")[::2, ::2].astype(int).sum(axis=2)
        assert np.unravel_index(drawn.argmax(), GRID) == np.unravel_index(turned.argmax(), GRID)


def test_vectors_are_files_for_numpy(client: TestClient, at: dict[str, str]) -> None:
    answer = client.get(f"{at['embed']}/embedding.npy?layer=1")
    vectors = np.load(io.BytesIO(answer.content), allow_pickle=False)
    np.testing.assert_array_equal(vectors, layers(0)[1])
    assert "_embedding_layer1.npy" in answer.headers["content-disposition"]


def test_a_known_picture_is_not_sent_again(client: TestClient, at: dict[str, str]) -> None:
    address = f"{at['embed']}/embedding.webp"
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("embed /embedding.webp?layer=3", 400, "has 3, counted from 0 to 2"),
        ("embed /embedding.webp?components=0,1,2", 400, "three numbers from 1 to"),
        ("embed /embedding.webp?components=1,2", 400, "three numbers"),
        ("embed /embedding.webp?basis=with", 400, "it has embedding"),
        ("embed /embedding.webp?basis=AAAAAAAAAAAA:embedding", 404, "no such result"),
        ("embed /embedding_DEM.webp", 400, "it has embedding"),
        ("embed /embedding/likeness?x=7&y=0", 400, r"x is 0..6"),
        ("embed /embedding/likeness?x=-1&y=0", 400, "x is"),
        ("embed /change.webp", 400, "it has embedding"),
        ("large /embedding.webp?layer=0", 400, "Start a run with layer 0"),
        ("large /embedding.webp?basis=layers", 400, "too large to keep"),
        ("nothing ", 400, "made no embeddings"),
        ("nothing /embedding.webp", 400, "made no embeddings"),
    ],
)
def test_what_does_not_exist_is_named(
    client: TestClient, at: dict[str, str], address: str, status: int, said: str
) -> None:
    run, _, rest = address.partition(" ")
    answer = client.get(at[run] + rest)
    assert (answer.status_code, said in answer.json()["message"]) == (status, True), answer.text
