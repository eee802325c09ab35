"""Work that kills whoever does it; here, because workers import it by name."""

import os
import signal
from pathlib import Path

from batch.parts import Outcome, ShardSet
from batch.parts import make_part as honest
from data_access.terramesh.batch_parts import Kind


def make_part(kind: Kind, shard_set: ShardSet, out: Path) -> Outcome:
    """As `batch.parts.make_part`, but deadly for the first set."""
    if shard_set.tar.endswith("000001.tar"):
        os.kill(os.getpid(), signal.SIGKILL)
    return honest(kind, shard_set, out)
