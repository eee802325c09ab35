"""What of the app's environment a worker gets: what its libraries need, and none of the rest, where passwords live."""

import os
from collections.abc import Mapping
from pathlib import Path

from data_access.settings import Settings

_SYSTEM = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CACHE_HOME", "SYSTEMROOT", "USERPROFILE")
_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PASSED_ON = frozenset((*_SYSTEM, *_LIBRARIES, *_NETWORK, *_CERTIFICATES))
# Of libraries with many variables each: the hub (its token too, for repositories that need one), torch, CUDA, OpenMP.
_FAMILIES = ("HF_", "HUGGINGFACE_", "TORCH_", "PYTORCH_", "CUDA_", "NVIDIA_", "ROCR_", "HIP_", "OMP_", "MKL_", "KMP_")
# Progress is told by events; nobody reads what a bar writes into a log.
_SET = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "PYTHONUNBUFFERED": "1"}


def worker_environment(own: Mapping[str, str], settings: Settings, root: Path) -> dict[str, str]:
    """The environment of a worker.

    Args:
        own: of this process.
        settings: of the app, which may come from flags or a file that a worker does not read.
        root: folder of our modules.
    """
    passed = {name: value for name, value in own.items() if name in _PASSED_ON or name.startswith(_FAMILIES)}
    ours = {
        "PATCHWORK_TERRAMIND": settings.terramind or "",
        "PATCHWORK_TERRAMIND_DEVICE": settings.terramind_device,
        "PATCHWORK_CACHE_DIR": str(settings.cache_dir),
    }
    threads = {"OMP_NUM_THREADS": str(usable_cores()), **passed}  # an operator's own number counts
    return {**threads, **_SET, **ours, "PYTHONPATH": str(root)}


def usable_cores() -> int:
    """Processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
