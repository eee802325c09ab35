"""A process that is spoken with over pipes: every byte arrives, and its end is noticed."""

import os
import time
from collections.abc import Iterator

import pytest

from data_access.piped.frames import Splitter, framed
from data_access.piped.process import PipedProcess
from data_access.settings import REPOSITORY_ROOT

_PATIENCE_S = 20.0


@pytest.fixture
def echo() -> Iterator[PipedProcess]:
    process = PipedProcess("tests.data_access.piped.echo", env=os.environ, cwd=REPOSITORY_ROOT, keep_log=True)
    yield process
    process.close()


def _next(process: PipedProcess) -> tuple[bytes, bytes]:
    splitter, deadline = Splitter(1 << 30), time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and not process.ended:
        for found in splitter.feed(process.read(0.1)):
            return found
    raise AssertionError("nothing came")


def test_more_than_a_pipe_holds_comes_back_whole(echo: PipedProcess) -> None:
    body = os.urandom(1 << 16) * 3
    echo.write(framed(b"a", body))
    assert _next(echo) == (b"a", body)


def test_what_a_library_prints_goes_to_the_log(echo: PipedProcess) -> None:
    echo.write(framed(b"a"))
    assert _next(echo) == (b"a", b"")
    assert echo.log is not None
    assert echo.log.readline() == b"a library's greeting\n"


def test_its_end_is_noticed_with_its_status(echo: PipedProcess) -> None:
    echo.write(framed(b"x", b"7"))
    with pytest.raises(AssertionError, match="nothing came"):
        _next(echo)
    assert not echo.is_alive
    echo.close()
    assert echo.returncode == 7
    with pytest.raises(BrokenPipeError):
        echo.write(framed(b"a"))


def test_one_that_is_closed_is_gone(echo: PipedProcess) -> None:
    echo.close()
    assert not echo.is_alive
    assert echo.read(0.0) == b""
    with pytest.raises(ProcessLookupError):
        os.kill(echo.pid, 0)
