"""`ben_txt_datamodule.py` as far as programs use it: names and order of parameters, keys, and what its filters do.

Made from what its authors tell of it: filters are pandas' isin, all thirteen columns are required, the test loader
hands out the bench split too, and the marks in questions are removed unless tokens replace them.
"""

from types import ModuleType
from typing import Any

import pandas as pd

COLUMNS = [
    *("ID", "s1_name", "patch_id", "input", "output", "type", "category", "split"),
    *("latitude", "longitude", "country", "season", "climate_zone"),
]
Tokens = list[str] | None


class _Rows:
    """The rows of a file."""

    def __init__(self, metadata_file: str) -> None:
        self.rows = pd.read_parquet(metadata_file)
        assert list(self.rows) == COLUMNS

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        row = self.rows.iloc[index]
        return {"image_input": 0, "text_input": row["input"], "reference_output": row["output"]}

    def setup(self) -> None:
        """Nothing is left to do."""


def stand_in(seen: list[pd.DataFrame]) -> ModuleType:
    """The module; whatever its loaders hand out is added to `seen`."""

    class BENTxTDataset(_Rows):
        """Reads every row of its file."""

        def __init__(  # noqa: PLR0917 - as published
            self,
            lmdb_file: str,
            metadata_file: str,
            bands: tuple[str, ...],
            img_size: int = 120,
            point_token: Tokens = None,
            ref_token: Tokens = None,
        ) -> None:
            super().__init__(metadata_file)
            assert (lmdb_file[-1], bands, img_size) == ("/", ("B04", "B03", "B02"), 120)
            assert point_token is ref_token is None
            seen.append(self.rows)

    class BENTxTDataModule(_Rows):
        """Filters by five columns; a loader per split."""

        def __init__(  # noqa: PLR0917 - as published
            self,
            image_lmdb_file: str,
            metadata_file: str,
            bands: str,
            img_size: int,
            batch_size: int,
            num_workers_dataloader: int,
            types: list[str] | None,
            categories: list[str] | None,
            countries: list[str] | None,
            seasons: list[str] | None,
            climate_zones: list[str] | None,
            point_token: Tokens = None,
            ref_token: Tokens = None,
        ) -> None:
            super().__init__(metadata_file)
            assert (image_lmdb_file[-1], bands, img_size) == ("/", "S1S2-10m20m", 120)
            assert batch_size > 0
            assert num_workers_dataloader >= 0
            self.tokens = point_token, ref_token
            asked = {"type": types, "category": categories, "country": countries, "season": seasons}
            for column, values in {**asked, "climate_zone": climate_zones}.items():
                self.rows = self.rows if values is None else self.rows[self.rows[column].isin(values)]

        def _of(self, *splits: str) -> list[dict[str, object]]:
            seen.append(self.rows[self.rows["split"].isin(splits)])
            return [{"image_input": 0, "text_input": 0, "reference_output": 0}]

        def train_dataloader(self) -> list[dict[str, object]]:
            """Training."""
            return self._of("train")

        def val_dataloader(self) -> list[dict[str, object]]:
            """Validation."""
            return self._of("validation")

        def test_dataloader(self) -> list[dict[str, object]]:
            """Test, and the bench split with it."""
            return self._of("test", "bench")

    module = ModuleType("ben_txt_datamodule")
    vars(module).update(BENTxTDataset=BENTxTDataset, BENTxTDataModule=BENTxTDataModule)
    return module
