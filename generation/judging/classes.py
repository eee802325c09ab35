"""Errors of a generated map of classes: accuracy, intersection over union, confusion matrix."""

import numpy as np

from generation.judging.judgement import ClassScores

CLASSES = 10  # of TerraMesh's land cover, 0 to 9
NO_DATA = 0  # the class that says that nothing is known


def class_scores(generated: np.ndarray, real: np.ndarray, valid: np.ndarray) -> ClassScores:
    """Compare two maps of class numbers.

    Args:
        generated: (y, x), whole numbers 0 to 9 of any type.
        real: the same shape.
        valid: bool (y, x): pixels to compare, at least one.
    """
    confusion = confusion_matrix(generated[valid], real[valid])
    right = np.diagonal(confusion)
    of_real = confusion.sum(axis=1)
    union = of_real + confusion.sum(axis=0) - right
    iou = tuple(float(hit / of) if of else None for hit, of in zip(right, union, strict=True))
    pixels = int(confusion.sum())
    return ClassScores(
        accuracy=float(right.sum() / pixels),
        miou=float(np.mean([each for each in iou if each is not None])),
        iou=iou,
        confusion=confusion,
        constant=int(of_real.argmax()),
        constant_accuracy=float(of_real.max() / pixels),
    )


def confusion_matrix(generated: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Count pixels by real and generated class: int64 (real, generated); both flat, numbers 0 to 9."""
    pairs = real.astype(np.int64) * CLASSES + generated.astype(np.int64)
    counts: np.ndarray = np.bincount(pairs, minlength=CLASSES * CLASSES).reshape(CLASSES, CLASSES)
    return counts


def known_classes(classes: np.ndarray) -> np.ndarray:
    """Where a map holds one of the ten class numbers: bool, the same shape."""
    known: np.ndarray = (classes >= 0) & (classes < CLASSES) & (classes == np.floor(classes))
    return known
