"""What goes to the hub and to nobody else: the token, and whether it may be asked at all."""

import os
from urllib.parse import urlsplit

from huggingface_hub import get_token

from data_access.remote.remote_root import hub_endpoint
from errors import OfflineError

_YES = ("1", "on", "yes", "true")  # as huggingface_hub reads its switches


def is_hub(url: str) -> bool:
    """Whether an address is the hub's own: same scheme, host and port. Its storage is not."""
    return _origin(url) == _origin(hub_endpoint())


def token_headers(url: str) -> dict[str, str]:
    """The Authorization header where the address is the hub's and a token is configured; else nothing."""
    if not is_hub(url):
        return {}
    token = get_token()
    return {"Authorization": f"Bearer {token}"} if token else {}


def is_offline() -> bool:
    """Whether HF_HUB_OFFLINE forbids to ask the hub; read at every call."""
    return os.environ.get("HF_HUB_OFFLINE", "").lower() in _YES


def refuse_offline(url: str, what: str) -> None:
    """Raise OfflineError where the address is the hub's and the hub must not be asked."""
    if is_offline() and is_hub(url):
        raise OfflineError(f"{what} is on the hub, and HF_HUB_OFFLINE is set. Unset it, or open what is kept already.")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
