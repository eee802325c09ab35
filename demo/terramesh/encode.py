"""From a plan to bytes: the members that one sample contributes to the shards, and its row of the metadata table."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from demo.terramesh.arrays import THICK_CLOUD, THIN_CLOUD, Modality, make_modalities
from demo.terramesh.plan import SamplePlan
from demo.terramesh.zarr_zip import Variable, encode_group

_NOTE = "Synthetic: drawn by the Patchwork demo builder. Not an observation of this place."
_TIME_UNITS = {"calendar": "proleptic_gregorian", "units": "nanoseconds since 1970-01-01"}


def encode_sample(plan: SamplePlan) -> tuple[dict[str, bytes], float]:
    """Draw and encode one sample.

    Returns:
        The bytes of a `.zarr.zip` per modality folder, and the cloud cover in percent.
    """
    members: dict[str, bytes] = {}
    cloudy = 0.0
    for modality in make_modalities(plan):
        members[modality.name] = encode_group(_variables(plan, modality), _attributes(plan, modality))
        if modality.name == "S2L2A" and modality.cloud_mask is not None:
            cloudy = float(np.mean(np.isin(modality.cloud_mask, (THIN_CLOUD, THICK_CLOUD))) * 100)
    return members, round(cloudy, 3)


def nanoseconds(time: datetime) -> int:
    """Nanoseconds since 1970 of an aware time with whole seconds."""
    return int(time.timestamp()) * 10**9


def _variables(plan: SamplePlan, modality: Modality) -> dict[str, Variable]:
    lon, lat = plan.square.centre
    moment = {"S2": nanoseconds(plan.s2_time), "S1": nanoseconds(plan.s1_time), "": 0}[modality.sensor]
    variables = {
        "bands": Variable(modality.bands[None], ("time", "band", "y", "x"), {"coordinates": "sample spatial_ref"}),
        "band": Variable(np.array(modality.band_names), ("band",), {}),
        "x": Variable(plan.square.x, ("x",), {}),
        "y": Variable(plan.square.y, ("y",), {}),
        "time": Variable(np.array([moment], dtype=np.int64), ("time",), _TIME_UNITS),
        "center_lat": Variable(np.array([lat]), ("time",), {}),
        "center_lon": Variable(np.array([lon]), ("time",), {}),
        "crs": Variable(np.array([plan.square.epsg], dtype=np.int64), ("time",), {}),
        "file_id": Variable(np.array([_file_id(plan, modality)]), ("time",), {}),
        "sample": Variable(_scalar(plan.square.sample), (), {}),
        "spatial_ref": Variable(np.zeros((), dtype=np.int64), (), {}),
    }
    if modality.cloud_mask is not None:
        variables["cloud_mask"] = Variable(modality.cloud_mask[None], ("time", "y", "x"), {})
    return variables


def _scalar(text: str) -> NDArray[np.str_]:
    return np.array(text)


def _file_id(plan: SamplePlan, modality: Modality) -> str:
    """Where a product's name would stand; it names no product, because there is none."""
    time = plan.s1_time if modality.sensor == "S1" else plan.s2_time
    return f"SYNTHETIC_{modality.name}_{plan.square.sample}_{time:%Y%m%dT%H%M%S}"


def _attributes(plan: SamplePlan, modality: Modality) -> dict[str, object]:
    return {
        "synthetic": True,
        "note": _NOTE,
        "modality": modality.name,
        "place": plan.place.name,
        "landscape": plan.place.landscape,
    }
