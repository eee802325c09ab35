"""Memory of the app with 9.2 million samples: at rest, after some questions, and after sessions have come and gone.

    python -m benchmarks.idle_memory [--samples 9178624] [--sessions 50] [--keep FOLDER]

Starts the real app over metadata tables of true size (`benchmarks.terramesh_metadata`) twice: the first start builds
the catalogue and the point index, the second finds them. Memory is that of the second process: resident, its share
where pages are shared with other processes (PSS), and what it alone has (USS). A session is a websocket that speaks
Streamlit's protocol as a browser does, opens Explore with a filter of its own and asks for the tiles of its map.
Streamlit keeps what a closed session left for two minutes in case it comes back; the last line waits for that.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.terramesh_metadata import SAMPLES, write_metadata
from data_access.settings import settings
from tests.running_app import running_process

RESIDENT_MB = 1000  # budget of the idle app
GROWTH = 1.10  # budget after all sessions have been closed
BUILD_S = 900.0  # of the first start
STREAMLIT_KEEPS_S = 125  # closed sessions, and a few seconds for good measure
SETTLE_S = 5  # for threads that give memory back
TOGETHER = 5  # sessions that are open at the same time
COUNTRIES = ("Brazil", "Canada", "China", "France", "Germany", "India", "Kenya", "Mali", "Peru", "Spain")
SEASONS = ("Spring", "Summer", "Fall", "Winter")
TILES = [(0, 0, 0), (2, 2, 1), (4, 8, 5), (6, 33, 22), (9, 270, 179)]  # zoom, column, row: down to central Europe


@dataclass(frozen=True)
class Memory:
    """Of one process, in megabytes."""

    resident: float
    shared_fairly: float  # PSS: pages that several processes map count in parts
    alone: float  # USS: what would be free without this process

    def line(self, label: str) -> str:
        """One line of the report."""
        return f"{label:44}{self.resident:10.0f}{self.shared_fairly:10.0f}{self.alone:10.0f}"


def memory_of(process: int) -> Memory:
    """Read from the system's own account (Linux)."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    alone = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return Memory(kilobytes["Rss"] / 1000, kilobytes["Pss"] / 1000, alone / 1000)


def peak_mb(process: int) -> float:
    """The most that was ever resident, in megabytes."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def filters(number: int) -> Iterator[str]:
    """Queries, each different from the one before."""
    for each in range(number):
        country, season = COUNTRIES[each % len(COUNTRIES)], SEASONS[each % len(SEASONS)]
        clouds = {"cloud_max": str(5 + each)} if each % 3 == 0 else {}
        yield urlencode({"country": country, "season": season, **clouds})


def ask(client: httpx.Client, query: str) -> None:
    """What a browser asks beside its session: counts, facets, tiles, points."""
    for path in ("count", "facets", *(f"tiles/{z}/{x}/{y}.png" for z, x, y in TILES)):
        client.get(f"/api/terramesh/{path}?{query}").raise_for_status()
    client.get(f"/api/terramesh/points?{query}&bbox=5,45,15,55&limit=30000")  # too many are a fine answer as well


@contextmanager
def session(base: httpx.URL, query: str) -> Iterator[ClientConnection]:
    """A session that opened Explore and has seen its page come to an end."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    address = f"ws://{base.host}:{base.port}/_stcore/stream"
    origin = Origin(f"http://{base.host}:{base.port}")
    with connect(address, subprotocols=[Subprotocol("streamlit")], origin=origin, max_size=None) as socket:
        socket.send(asked.SerializeToString())
        while True:
            message = socket.recv(timeout=60)
            if isinstance(message, bytes) and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
                break
        yield socket


def sessions(client: httpx.Client, number: int) -> None:
    """Open sessions, a few at a time, and close them."""
    queries = list(filters(number))
    for start in range(0, number, TOGETHER):
        with ExitStack() as opened:
            for query in queries[start : start + TOGETHER]:
                opened.enter_context(session(client.base_url, query))
                ask(client, query)


def measure(client: httpx.Client, process: int, number: int) -> tuple[Memory, Memory]:
    """Print memory at every stage; gives that before and after the sessions."""

    def stage(label: str, wait_s: float = SETTLE_S) -> Memory:
        time.sleep(wait_s)
        found = memory_of(process)
        print(found.line(label), flush=True)
        return found

    print(f"{'MB':44}{'resident':>10}{'PSS':>10}{'USS':>10}")
    stage("opened")
    ask(client, "")
    sessions(client, TOGETHER)
    stage("one round of questions and sessions")
    before = stage("idle", STREAMLIT_KEEPS_S)
    started = time.monotonic()
    sessions(client, number)
    stage(f"{number} sessions later ({time.monotonic() - started:.0f} s)")
    return before, stage("idle again", STREAMLIT_KEEPS_S)


def main() -> None:
    """Build, start again, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of both splits together")
    parser.add_argument("--sessions", type=int, default=50, help="that are opened and closed")
    parser.add_argument("--keep", type=Path, help="folder for tables and cache, kept for the next time")
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = choices.keep or Path(passing)
        root = write_metadata(folder, choices.samples)
        environment = {"PATCHWORK_TERRAMESH": str(root), "PATCHWORK_CACHE_DIR": str(folder / "cache")}
        demo = settings().demo_dir
        if demo.is_dir() and not (folder / "cache" / "demo").exists():  # the other data set, as at a first visit
            (folder / "cache").mkdir(parents=True, exist_ok=True)
            (folder / "cache" / "demo").symlink_to(demo)
        for attempt in ("first", "second"):
            started = time.monotonic()
            with running_process(environment, start_s=BUILD_S) as (client, process):
                taken = time.monotonic() - started
                total = client.get("/api/terramesh/count").raise_for_status().json()["total"]
                print(f"{attempt} start: {total:,} samples open after {taken:.1f} s, peak {peak_mb(process):.0f} MB")
                if attempt == "second":
                    before, after = measure(client, process, choices.sessions)
    growth = after.resident / before.resident
    kept = before.resident <= RESIDENT_MB and growth <= GROWTH
    print(f"idle {before.resident:.0f} MB of {RESIDENT_MB}, after the sessions x{growth:.2f} of {GROWTH:g}")
    sys.exit(0 if kept else "a budget is missed")


if __name__ == "__main__":
    main()
