"""Work for tests; here, because workers import it by name."""

import os
import signal
import time
from pathlib import Path

from batch import pulse
from batch.parts import Outcome, ShardSet, make_part
from data_access.terramesh.batch_parts import Kind


def deadly(kind: Kind, shard_set: ShardSet, out: Path) -> Outcome:
    """As `make_part`, but kills whoever works on the first set."""
    if shard_set.tar.endswith("000001.tar"):
        time.sleep(0.3)  # one that dies while it starts is another story
        os.kill(os.getpid(), signal.SIGKILL)
    return make_part(kind, shard_set, out)


def talkative(kind: Kind, shard_set: ShardSet, out: Path) -> Outcome:
    """As `make_part`, but tells of every window that is read."""
    usual, pulse.EVERY_S = pulse.EVERY_S, 0.0
    try:
        return make_part(kind, shard_set, out)
    finally:
        pulse.EVERY_S = usual
