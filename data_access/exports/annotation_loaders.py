"""A selection of annotations as code for the data set's own loaders, `BENTxTDataset` and `BENTxTDataModule`.

Names of classes, arguments, batch keys and bands are those of `ben_txt_datamodule.py` as its authors publish it;
everything else is written here. The data module filters by five columns and has a loader per split. Where that is all
that a filter asks for, the program says it in those arguments, over the published file; else the file that the loader
reads is the export of the selection, which has the same columns.
"""

from data_access.exports.annotation_code import SELECTED_FILE, RowsRequest
from data_access.exports.code import ANNOTATION_FILE, terms_of
from data_access.exports.code_text import python_literal
from data_access.sample_table import UNKNOWN

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
_TOGETHER = {"test", "bench"}  # what one loader hands out
_TOKENS = 'point_token=["<point>", "</point>"], ref_token=["<ref>", "</ref>"],'


def dataset_code(request: RowsRequest) -> str:
    """A program around `BENTxTDataset`, which has no arguments for filters."""
    file, fetching = _file(request, is_whole=request.wanted.is_empty)
    return f"""# pip install torch lmdb safetensors; ben_txt_datamodule.py lies beside the data set
{fetching}from ben_txt_datamodule import BENTxTDataset

# {terms_of(request.info)}
dataset = BENTxTDataset(
    lmdb_file="Encoded-BigEarthNet/",  # made by rico-hdl
    metadata_file={python_literal(file)},
    bands=("B04", "B03", "B02"),
    img_size=120,
)
for index in range(len(dataset)):
    sample = dataset[index]
    image, question, answer = sample["image_input"], sample["text_input"], sample["reference_output"]
"""


def data_module_code(request: RowsRequest, *, keep_marks: bool = False) -> str:
    """A program around `BENTxTDataModule`, with the loaders of those splits that the selection has rows of.

    Args:
        request: the selection.
        keep_marks: `<ref>` and `<point>` stay in the questions, which the module else takes out.
    """
    chosen = {argument: list(getattr(request.wanted.samples, field)) for argument, field in _ARGUMENTS.items()}
    told = {field for argument, field in _ARGUMENTS.items() if UNKNOWN not in chosen[argument]}
    told |= {"split"} if _loaders_tell(request.wanted.samples.split) else set()
    is_whole = request.wanted.without(*told).is_empty
    file, fetching = _file(request, is_whole=is_whole)
    named = {argument: values if is_whole and values else None for argument, values in chosen.items()}
    arguments = "".join(f"    {name}={python_literal(values)},\n" for name, values in named.items())
    loaders = list(dict.fromkeys(_LOADERS[split] for split in request.splits if split in _LOADERS))
    marks = f"    {_TOKENS}\n" if keep_marks else f"    # {_TOKENS}  # keeps the marks in questions, else removed\n"
    return f"""# pip install lightning torch lmdb safetensors; ben_txt_datamodule.py lies beside the data set
{fetching}from ben_txt_datamodule import BENTxTDataModule

# {terms_of(request.info)}
module = BENTxTDataModule(
    image_lmdb_file="Encoded-BigEarthNet/",  # made by rico-hdl
    metadata_file={python_literal(file)},
    bands="S1S2-10m20m",
    img_size=120,
    batch_size=16,
    num_workers_dataloader=4,
{arguments}{marks})
module.setup()
for loader in [{", ".join(f"module.{name}()" for name in loaders or ["train_dataloader"])}]:
    for batch in loader:
        images, questions, answers = batch["image_input"], batch["text_input"], batch["reference_output"]
"""


def _loaders_tell(splits: tuple[str, ...]) -> bool:
    """Whether choosing loaders chooses just these splits: the test loader hands out two of them."""
    return set(splits) <= set(_LOADERS) and len(_TOGETHER & set(splits)) != 1


def _file(request: RowsRequest, *, is_whole: bool) -> tuple[str, str]:
    """The file that a loader reads, and the lines that fetch it."""
    if is_whole:
        return ANNOTATION_FILE, ""
    fetching = f"""import urllib.request

# The loader has no argument for some of this filter: so its file is the selection, as the published file has it.
urllib.request.urlretrieve({python_literal(request.export("parquet"))}, {python_literal(SELECTED_FILE)})

"""
    return SELECTED_FILE, fetching
