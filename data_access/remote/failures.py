"""What goes wrong inside one attempt and may go well in the next; a named error once attempts are used up."""

import httpx

from errors import AccessDeniedError, RateLimitedError, RemoteError, RemoteTimeoutError


class PassingError(Exception):
    """One attempt failed in a way that another may not; `reason` completes 'The server ...'."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason

    def named(self, what: str, host: str) -> RemoteError:
        """The error that leaves this room once there are no attempts left."""
        return RemoteError(
            f"{what} could not be fetched: {host} {self.reason}. It was tried several times; check the network and try "
            "again later."
        )


class SlowError(PassingError):
    """The server took too long."""

    def named(self, what: str, host: str) -> RemoteError:
        """A timeout."""
        return RemoteTimeoutError(
            f"{what} could not be fetched in time: {host} {self.reason}. Try again; if it stays so, the network or the "
            "server is too slow."
        )


class PausedError(PassingError):
    """The server asked for a pause, by status 429."""

    def __init__(self, wait_s: float | None = None) -> None:
        """Keep how long, where it is told."""
        super().__init__("asks for fewer requests (HTTP 429)")
        self.wait_s = wait_s

    def named(self, what: str, host: str) -> RemoteError:
        """A rate limit."""
        return rate_limited(what, host, self.wait_s)


class RefusedError(PassingError):
    """403 or 416: a signed address has expired, or the range is not there."""

    def named(self, what: str, host: str) -> RemoteError:
        """Not worth another attempt."""
        return AccessDeniedError(
            f"{what} could not be fetched: {host} {self.reason}, also by a fresh address. Check that the file may be "
            "read and is still the one that was listed."
        )


class WholeError(PassingError):
    """200 with a whole file, gigabytes of it, where a range was asked for."""

    def __init__(self) -> None:
        """The reason is always the same."""
        super().__init__("answers with the whole file instead of the range")

    def named(self, what: str, host: str) -> RemoteError:
        """Say what kind of server is needed."""
        return RemoteError(
            f"{what} could not be fetched: {host} {self.reason}. Serve the root with a server that answers ranges, "
            "such as nginx or Caddy."
        )


def rate_limited(what: str, host: str, wait_s: float | None) -> RateLimitedError:
    """The error for a pause that is longer than one read may wait."""
    told = "a while" if wait_s is None else f"{wait_s:.0f} seconds"
    return RateLimitedError(
        f"{what} could not be fetched: {host} asks to wait {told} before the next request. Wait; a token (HF_TOKEN) "
        "raises the hub's limits.",
        wait_s,
    )


def passing(error: httpx.HTTPError) -> PassingError:
    """What an exception of the HTTP library means; its own text may hold a signed address and is left out."""
    if isinstance(error, httpx.TimeoutException):
        return SlowError(f"did not answer in time ({_word(error)})")
    if isinstance(error, httpx.ConnectError):
        return PassingError("can not be reached")
    return PassingError(f"broke the connection off ({_word(error)})")


def _word(error: Exception) -> str:
    return type(error).__name__
