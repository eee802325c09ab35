"""The token goes to the hub and to nobody else; offline means offline."""

import logging

import pytest

from data_access.remote.hub_access import is_hub, is_offline, token_headers
from data_access.remote.reader import RemoteReader
from errors import AccessDeniedError, OfflineError
from tests.data_access.remote.conftest import CONTENT, on_hub, on_server
from tests.loopback_hub import LoopbackHub

TOKEN = {"Authorization": "Bearer hf_of_the_test"}


def test_token_stays_with_the_hub(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.token = TOKEN["Authorization"].removeprefix("Bearer ")
    assert reader.fetch(on_hub(hub), 0, 100) == CONTENT[:100]
    to_hub, to_storage = hub.log
    assert to_hub.headers["authorization"] == TOKEN["Authorization"]
    assert "authorization" not in to_storage.headers


def test_redirect_from_a_foreign_server_to_the_hub_is_asked_as_the_hub(hub: LoopbackHub, reader: RemoteReader) -> None:
    file = on_server(hub)
    elsewhere = file.url.replace(hub.url, hub.storage_url)
    hub.fail("redirect", at="plain", location=file.url)
    assert reader.fetch(type(file)(elsewhere, file.relative), 0, 100) == CONTENT[:100]
    first, second = hub.log
    assert "authorization" not in first.headers
    assert second.headers["authorization"] == TOKEN["Authorization"]


def test_only_the_endpoint_itself_is_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    assert token_headers("https://huggingface.co/datasets/a/b") == TOKEN
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example:8443/")
    assert token_headers("https://hub.example:8443/datasets/a/b") == TOKEN
    for other in (
        "https://huggingface.co/x",
        "http://hub.example:8443/x",
        "https://hub.example/x",
        "https://hub.example.evil.example:8443/x",
        "https://evil.example/https://hub.example:8443/",
        "https://hub.example:8443@evil.example/",
    ):
        assert token_headers(other) == {}
    assert is_hub("https://HUB.example:8443/")


def test_no_token_no_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_access.remote.hub_access.get_token", lambda: None)
    assert token_headers("https://huggingface.co/x") == {}


def test_what_a_token_is_missing_for_is_said(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.token = "hf_of_somebody_else"  # noqa: S105 - of nobody
    with pytest.raises(AccessDeniedError, match="HF_TOKEN") as caught:
        reader.fetch(on_hub(hub), 0, 100)
    assert "hf_of" not in str(caught.value)
    assert not caught.value.retryable


@pytest.mark.parametrize("value", ["1", "ON", "true", "Yes"])
def test_offline_asks_the_hub_nothing(
    hub: LoopbackHub, reader: RemoteReader, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    with pytest.raises(OfflineError, match="HF_HUB_OFFLINE"):
        reader.fetch(on_hub(hub), 0, 100)
    assert hub.log == []
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert not is_offline()


def test_addresses_are_not_logged(hub: LoopbackHub, reader: RemoteReader, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger=""):
        reader.fetch(on_hub(hub), 0, 100)
    assert "Signature" not in caplog.text
    assert "Bearer" not in caplog.text


def test_cookies_and_netrc_are_left_alone(
    hub: LoopbackHub, reader: RemoteReader, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    hub.fail("status", at="signed", status=500, headers={"Set-Cookie": "a=b"})
    reader.fetch(on_hub(hub), 0, 100)
    storage = [request.headers for request in hub.log if request.server == "storage"]
    assert all("cookie" not in headers and "authorization" not in headers for headers in storage)
    assert all(headers["accept-encoding"] == "identity" for headers in storage)
