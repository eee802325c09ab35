"""A selection as code for the loaders that the data sets' own authors publish: `terramesh.py`, `ben_txt_datamodule.py`.

Names of functions, arguments and batch keys are theirs; everything else is written here.
"""

from textwrap import indent

from data_access.exports.code import ANNOTATION_FILE, CodeRequest, annotation_conditions
from data_access.exports.code_text import python_literal, sql_block, where
from data_access.terramesh.modalities import FOLDERS, S1_OF_SOURCE

HUB = "https://huggingface.co/datasets/ibm-esa-geospatial/TerraMesh/resolve/main/"
_SPLITS = ("train", "val")  # that the loader of TerraMesh knows
_UNKNOWN = "unknown"  # the catalogue's word for what no file tells; the loaders do not have it
_ARGUMENTS = {  # of the data module: the filter's field for each
    "types": "type",
    "categories": "category",
    "countries": "country",
    "seasons": "season",
    "climate_zones": "climate_zone",
}
_LOADERS = {  # of the data module, by split; the test loader hands out the bench split as well
    "train": "train_dataloader",
    "validation": "val_dataloader",
    "test": "test_dataloader",
    "bench": "test_dataloader",
}
_REDUCED = "selection.parquet"


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
    fields = {argument: getattr(request.sample_filter, field) for argument, field in _ARGUMENTS.items()}
    chosen = {argument: list(values) if _UNKNOWN not in values else [] for argument, values in fields.items()}
    told = {field for argument, field in _ARGUMENTS.items() if chosen[argument]}
    is_whole = request.sample_filter.without(*told).is_empty
    arguments = "".join(f"    {name}={python_literal(values or None)},\n" for name, values in chosen.items())
    loaders = list(dict.fromkeys(_LOADERS[split] for split in request.splits if split in _LOADERS)) or [
        "train_dataloader"
    ]
    packages = "lightning torch" if is_whole else "duckdb lightning torch"
    return f"""# pip install {packages}; ben_txt_datamodule.py lies beside the data set
{"" if is_whole else _reduction(request)}from ben_txt_datamodule import BENTxTDataModule

# {request.terms}
module = BENTxTDataModule(
    image_lmdb_file="Encoded-BigEarthNet/",  # made by rico-hdl
    metadata_file={python_literal(ANNOTATION_FILE if is_whole else _REDUCED)},
    bands="S1S2-10m20m",
    img_size=120,
    batch_size=16,
    num_workers_dataloader=4,
{arguments})
module.setup()
for loader in [{", ".join(f"module.{name}()" for name in loaders)}]:
    for batch in loader:
        images, questions, answers = batch["image_input"], batch["text_input"], batch["reference_output"]
"""


def _reduction(request: CodeRequest) -> str:
    """The annotation file reduced to the selection: for conditions that the data module has no argument for."""
    of_rows = annotation_conditions(request.sample_filter.without("type", "category"))
    conditions = where(["patch_id IN (SELECT id FROM 'samples.parquet')", *of_rows])
    rows = indent(f"SELECT *\nFROM '{ANNOTATION_FILE}'\n{conditions}", "    ")
    sql = f"COPY (\n{rows}\n) TO '{_REDUCED}' (FORMAT parquet)"
    return f"""import urllib.request

import duckdb

# The data module has no argument for some of this filter:
# so the file that it reads is made to hold the selected patches alone.
urllib.request.urlretrieve({python_literal(request.url("export.parquet", request.sample_filter))}, "samples.parquet")
duckdb.sql({sql_block(sql)})

"""
