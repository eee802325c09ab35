"""Waiting in tests for what other processes and threads do."""

import time
from collections.abc import Callable

PATIENCE_S = 30.0  # on a machine that other work shares


def wait(done: Callable[[], bool]) -> None:
    """Sleep until something is true."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)
