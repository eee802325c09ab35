"""The whole app as a process of its own on a free loopback port, started the way a user starts it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_S = 120.0  # on a machine that other work shares
STOP_S = 10.0


def free_port() -> int:
    """A port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app(settings: Mapping[str, str], folder: Path = ROOT) -> Iterator[httpx.Client]:
    """Start the app with `PATCHWORK_*` settings, wait until its data sets are open, and stop it at the end.

    Yields:
        a client with the app's address as its base.
    """
    with running_process(settings, folder) as (client, _):
        yield client


@contextmanager
def running_process(
    settings: Mapping[str, str], folder: Path = ROOT, *, start_s: float = START_S
) -> Iterator[tuple[httpx.Client, int]]:
    """As `running_app`, for those who watch the process too.

    Args:
        settings: environment of the app.
        folder: where it is started, for its `patchwork.toml`.
        start_s: how long it may take until its data sets are open.

    Yields:
        a client with the app's address as its base, and the id of the process.
    """
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PATCHWORK_")}
    environment = {**inherited, **settings, "PATCHWORK_PORT": str(port)}
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, process, start_s)
            # A connection of its own: one that is made before the app has started keeps the kernel's slow defaults.
            with httpx.Client(base_url=base, timeout=30) as client:
                yield client, process.pid
        except AssertionError:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace")[-5000:])
            raise
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(base: str, process: "subprocess.Popen[bytes]", start_s: float) -> None:
    """Wait until health no longer says that something is being opened."""
    deadline = time.monotonic() + start_s
    while time.monotonic() < deadline:
        assert process.poll() is None, "the app ended before it served anything"
        try:
            if httpx.get(f"{base}/api/health").json()["status"] != "opening":
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"the app did not open its data sets within {start_s:g} s")
