"""What a comparison of a generated modality with the real one says: numbers, or why there are none."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

Kind = Literal["values", "classes"]
Better = Literal["lower", "higher", "near zero"]
RangeSource = Literal["published", "real"]


@dataclass(frozen=True)
class Metric:
    """One number of a table, as a reader has to know it."""

    name: str
    title: str
    better: Better
    unit: str  # "" for the modality's own
    about: str


METRICS = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            Metric("mae", "MAE", "lower", "", "mean absolute error: how far off a pixel is on average"),
            Metric("rmse", "RMSE", "lower", "", "root of the mean squared error: single large errors weigh more"),
            Metric("bias", "Bias", "near zero", "", "mean of generated minus real: too high or too low as a whole"),
            Metric("psnr", "PSNR", "higher", "dB", "peak signal-to-noise ratio: the data range over the RMSE"),
            Metric("ssim", "SSIM", "higher", "1", "structural similarity in windows of 7 pixels; 1: the same"),
            Metric("accuracy", "Accuracy", "higher", "%", "share of the pixels that have the real class"),
            Metric("miou", "mIoU", "higher", "%", "intersection over union, mean of the classes that either map has"),
        )
    }
)


@dataclass(frozen=True)
class Scores:
    """How well one band fits, or all bands together.

    Attributes:
        band: its name; empty for all bands together.
        mae: mean absolute error, in the modality's unit.
        rmse: root of the mean squared error, in the same.
        bias: mean of generated minus real, in the same.
        psnr: dB over `data_range`; infinite for equal pictures.
        ssim: -1 to 1; None where no window of seven pixels is valid throughout.
        data_range: low and high end that PSNR and SSIM are measured by; of all bands together None.
        constant: the best constant guess, the real picture's median; of all bands together None.
        constant_mae: its mean absolute error: what a model that sees nothing but the right level would reach.
        mean_mae: the same of the training data's mean, which needs no knowledge of this place.
    """

    band: str
    mae: float
    rmse: float
    bias: float
    psnr: float
    ssim: float | None
    data_range: tuple[float, float] | None
    constant: float | None
    constant_mae: float
    mean_mae: float


@dataclass(frozen=True)
class ClassScores:
    """How well a map of classes fits.

    Attributes:
        accuracy: share of pixels with the right class, 0 to 1.
        miou: mean of `iou` over the classes that either map has.
        iou: per class number; None for classes that neither map has.
        confusion: int64 (real, generated), pixels.
        constant: the best constant guess, the real map's most frequent class.
        constant_accuracy: the share that it would get right.
    """

    accuracy: float
    miou: float
    iou: tuple[float | None, ...]
    confusion: np.ndarray
    constant: int
    constant_accuracy: float


@dataclass(frozen=True)
class Judgement:
    """A generated modality beside the real one.

    Attributes:
        modality: Patchwork's name.
        kind: whether the pixels are quantities or classes.
        unit: of the values.
        pixels: that were compared.
        share: of all pixels, 0 to 1; the rest has no value in one of the two.
        range_source: what the data range of PSNR and SSIM is; None for classes.
        together: all bands; None for classes and where nothing could be compared.
        bands: each band, in order.
        classes: for maps of classes.
        reason: why there are no numbers; empty where there are.
    """

    modality: str
    kind: Kind
    unit: str
    pixels: int = 0
    share: float = 0.0
    range_source: RangeSource | None = None
    together: Scores | None = None
    bands: tuple[Scores, ...] = ()
    classes: ClassScores | None = None
    reason: str = ""

    def numbers(self) -> dict[str, float | None]:
        """The main numbers by name, as a table of many results has them; all None where nothing was compared."""
        if self.kind == "classes":
            return {name: getattr(self.classes, name, None) for name in ("accuracy", "miou", "constant_accuracy")}
        names = ("mae", "rmse", "bias", "psnr", "ssim", "constant_mae", "mean_mae")
        return {name: getattr(self.together, name, None) for name in names}

    @property
    def skill(self) -> float | None:
        """How much of the best constant guess's error is gone: 1 is perfect, 0 as good as it, below 0 worse.

        None where nothing was compared, or a constant guess is perfect.
        """
        if self.classes is not None:
            left, of = 1 - self.classes.accuracy, 1 - self.classes.constant_accuracy
        elif self.together is not None:
            left, of = self.together.mae, self.together.constant_mae
        else:
            return None
        return 1 - left / of if of > 0 else None
