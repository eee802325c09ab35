"""Stands in for `python -m batch`: a long job that tells its progress, ends when asked to, and goes on where it was.

`python -m tests.data_access.slow_batch COMMAND ROOT OUT`. ROOT says how to behave: "slow", "quick", "crash", "silent".
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

UNITS = 40
STEP_S = {"slow": 0.25, "quick": 0.005}


def main(command: str, manner: str, out: Path) -> int:
    if manner == "crash":
        raise SystemExit("No shards below the root. Check PATCHWORK_TERRAMESH.")
    if manner == "silent":
        time.sleep(60)
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    file = out / "progress.json"
    try:
        before = json.loads(file.read_text())
        done = before["done"] if before["command"] == command else 0
    except (OSError, ValueError, KeyError):
        done = 0
    while True:
        status = "done" if done >= UNITS else "paused" if asked else "running"
        told = {"command": command, "status": status, "done": done, "total": UNITS, "unit": "shards"}
        told |= {"started": time.time(), "pid": os.getpid(), "eta_s": 1.5, "message": f"shard {done}"}
        temporary = file.with_suffix(".tmp")
        temporary.write_text(json.dumps(told))
        temporary.replace(file)
        if status != "running":
            return 0
        time.sleep(STEP_S[manner])
        done += 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
