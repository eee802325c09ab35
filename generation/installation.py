"""Which packages TerraMind needs beside the app's own, and what to say where they are not installed.

Looks without importing: the app answers this question, and the app never loads torch.
"""

import sys
from importlib.util import find_spec

# What terratorch's TerraMind part imports; terratorch's other requirements serve parts of it that stay unused here.
PACKAGES = ("torch", "einops", "tqdm", "diffusers", "tokenizers", "safetensors", "huggingface_hub", "terratorch")
INSTALL_LINES = (
    "python -m pip install -r requirements-terramind.txt",
    "python -m pip install --no-deps -r requirements-terramind-nodeps.txt",
)


def missing_packages() -> tuple[str, ...]:
    """Names of the packages that TerraMind needs and that can not be found; empty where it can run."""
    return tuple(name for name in PACKAGES if not _is_there(name))


def installation_cure(missing: tuple[str, ...]) -> str:
    """The sentence that says which packages are missing and which two lines install them."""
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"Generating needs {', '.join(missing)}, which {verb} not installed. Run in the folder of Patchwork, "
        f"in its environment: {' && '.join(INSTALL_LINES)} and start the app again."
    )


def _is_there(name: str) -> bool:
    """Whether a top-level package can be imported, judged by its place on disk."""
    if name in sys.modules:
        return sys.modules[name] is not None  # None is how an import is blocked
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # a finder that refuses, or a module without a specification
        return False
