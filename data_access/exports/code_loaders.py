"""A selection as code for the loaders that the data sets' own authors publish: `terramesh.py`, `ben_txt_datamodule.py`.

Names of functions, arguments and batch keys are theirs; everything else is written here.
"""

from data_access.annotations.row_filter import RowFilter
from data_access.exports.annotation_code import RowsRequest
from data_access.exports.annotation_loaders import data_module_code
from data_access.exports.code import CodeRequest
from data_access.exports.code_text import python_literal
from data_access.terramesh.modalities import FOLDERS, S1_OF_SOURCE

HUB = "https://huggingface.co/datasets/ibm-esa-geospatial/TerraMesh/resolve/main/"
_SPLITS = ("train", "val")  # that the loader of TerraMesh knows


def loader_code(request: CodeRequest) -> str:
    """A program around the reference loader of the data set."""
    return _bigearthnet(request) if request.info.dataset == "bigearthnet" else _terramesh(request)


def _terramesh(request: CodeRequest) -> str:
    splits = [split for split in _SPLITS if split in request.splits] or list(_SPLITS)
    root, about = HUB, "or the folder of your copy"
    if request.info.kind != "hf":
        root, about = request.info.root, "the folder with train/ and val/"
    return f"""# pip install pyarrow torch webdataset zarr; terramesh.py lies beside the data set
import io
import urllib.request

import pyarrow.parquet as pq
from terramesh import build_terramesh_dataset
from torch.utils.data import DataLoader

# {request.terms}
ROOT = {python_literal(root)}  # {about}
MODALITIES = {python_literal(_folders(request))}

with urllib.request.urlopen({python_literal(request.url("export.parquet", request.sample_filter))}) as answer:
    table = pq.read_table(io.BytesIO(answer.read()), columns=["id"])
keys = set(table["id"].to_pylist())

for split in {python_literal(splits)}:
    dataset = build_terramesh_dataset(
        path=ROOT,
        modalities=MODALITIES,
        split=split,
        shuffle=False,  # once through the shards, in their order
        batch_size=8,
    )
    for batch in DataLoader(dataset, batch_size=None):
        chosen = [place for place, key in enumerate(batch["__key__"]) if key in keys]
        if chosen:  # a batch has one kind of Sentinel-1, so not every modality is in each
            selected = {{name: batch[name][chosen] for name in MODALITIES if name in batch}}
"""


def _folders(request: CodeRequest) -> list[str]:
    """Modalities that the loader knows; where one source alone is selected, without the other's Sentinel-1."""
    sources = set(request.sample_filter.source)
    lacking = {S1_OF_SOURCE[source] for source in S1_OF_SOURCE if sources and source not in sources}
    return [name for name in request.modalities if name in FOLDERS and name not in lacking]


def _bigearthnet(request: CodeRequest) -> str:
    """All annotations of the selected patches that are of the wanted tasks and hold the words."""
    wanted = RowFilter(samples=request.sample_filter)
    return data_module_code(RowsRequest(request.info, wanted, request.address, request.splits))
