"""`python -m demo`: build the demo collection into the cache folder, with a progress bar."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from data_access.settings import settings
from demo.build import DEFAULT_SEED, build_demo
from errors import PatchworkError


def main(words: list[str] | None = None) -> int:
    """Build the collection; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Build the synthetic demo collection.")
    parser.add_argument("--out", type=Path, help="folder to write to (default: demo/ in the cache folder)")
    parser.add_argument("--seed", type=_seed, default=DEFAULT_SEED, help="equal seeds give equal collections")
    parser.add_argument("--force", action="store_true", help="build again even if a finished collection is there")
    parser.add_argument(
        "--if-needed", action="store_true", help="build nothing where real data stands in for all of it"
    )
    choices = parser.parse_args(words)
    try:
        configured = settings()
        if choices.if_needed and configured.terramesh and (configured.bigearthnet_txt or configured.bigearthnet_images):
            return 0
        out = choices.out or configured.demo_dir
        with _Bars() as bars:
            built = build_demo(out, seed=choices.seed, force=choices.force, progress=bars.show)
    except PatchworkError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    sys.stderr.write(f"Demo collection {'built' if built else 'is ready'}: {out} (synthetic)\n")
    return 0


def _seed(word: str) -> int:
    """A seed that numpy takes. Raises ArgumentTypeError."""
    if not (word.isascii() and word.isdigit()):
        raise argparse.ArgumentTypeError(f"{word!r} is no whole number of 0 or more. Give one such as {DEFAULT_SEED}.")
    return int(word)


class _Bars:
    """One bar per data set, on stderr."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm] = {}

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self._bars.values():
            bar.close()

    def show(self, name: str, done: int, steps: int, label: str) -> None:
        """Move the bar of a data set to `done` of `steps`."""
        if name not in self._bars:
            self._bars[name] = tqdm(desc=f"Demo {name}", total=steps, unit="step", dynamic_ncols=True)
        bar = self._bars[name]
        bar.set_postfix_str(label, refresh=False)
        bar.update(done - bar.n)
        if done == steps:
            bar.close()


if __name__ == "__main__":
    sys.exit(main())
