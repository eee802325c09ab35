"""A listening socket bound the way Streamlit binds it answers without Nagle's pause afterwards."""

import socket

from api.prompt_sockets import send_at_once


def test_connections_of_a_listening_socket_send_at_once() -> None:
    with socket.socket(socket.AF_INET) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert send_at_once() >= 1
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_other_sockets_are_left_alone() -> None:
    with socket.socket(socket.AF_INET) as idle, socket.socket(socket.AF_UNIX) as local:
        local.fileno()
        send_at_once()
        assert idle.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
