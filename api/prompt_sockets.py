"""Sends every answer at once: switches off Nagle's algorithm on the sockets that this process listens on.

An answer leaves in two writes, headers and body. With Nagle's algorithm the second waits until the first is
acknowledged, which the other side puts off for 40 ms: measured, every small answer took 44 ms instead of 2. asyncio
switches it off for sockets that say they are TCP, but Streamlit 1.67 binds its socket without saying so
(`socket.socket(family=...)`, whose `proto` is 0), and gives no access to it. Accepted connections inherit the option
from the listening socket on Linux, macOS and Windows alike, and Streamlit has bound it before the lifespan begins.
"""

import gc
import logging
import socket

logger = logging.getLogger(__name__)


def send_at_once() -> int:
    """Set TCP_NODELAY on every listening TCP socket of this process and return how many there are."""
    # There is no other way to it: neither Streamlit nor uvicorn hands the socket out.
    listening = [each for each in gc.get_objects() if isinstance(each, socket.socket) and _listens(each)]
    for each in listening:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not listening:
        logger.warning("No listening socket was found, so answers may leave 40 ms late.")
    return len(listening)


def _listens(candidate: socket.socket) -> bool:
    """Whether a socket is an open TCP socket that accepts connections."""
    if candidate.fileno() < 0 or candidate.family not in {socket.AF_INET, socket.AF_INET6}:
        return False
    try:
        return bool(candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:  # a system that does not know the question
        return False
