"""The API over the demo collection on the loopback address, for programs that are run as they are copied."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from api.application import create_api
from api.opening import Opening
from data_access.collections import Collections
from tests.running_app import free_port


@contextmanager
def served(collections: Collections) -> Iterator[str]:
    """Serve opened collections; yields the address of the API."""
    api = create_api(Opening(lambda: collections))
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(api, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    api.state.hall.close()


def run(program: str) -> dict[str, Any]:
    """What a program leaves behind."""
    names: dict[str, Any] = {}
    exec(compile(program, "copied.py", "exec"), names)  # noqa: S102 - running it is what is tested
    return names
