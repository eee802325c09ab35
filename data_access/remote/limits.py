"""How long a read may take and how often it is tried: guard rails with their reasons, and the clock that holds them."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """All guard rails of remote reading; tests make the times small."""

    connect_s: float = 10.0  # a handshake that takes longer never ends
    stall_s: float = 15.0  # without a single byte: longer than storage needs to wake, shorter than patience
    total_s: float = 60.0  # one range with all its repetitions: a person has given up by then
    slowest_bytes_per_s: float = 64e3  # long ranges get this much more time: the slowest line that is still of use
    attempts: int = 5
    backoff_s: float = 0.25  # the first pause is at most this, each later one at most twice the last
    longest_backoff_s: float = 8.0
    per_host: int = 16  # connections to one host at once: browsers use 6, the hub bears more, nobody likes 100
    hops: int = 5  # redirects from an address to its bytes; the hub needs 1, renamed repositories 2
    redirect_s: float = 50 * 60.0  # the hub's signed addresses hold for an hour

    def deadline(self, length: int) -> "Deadline":
        """The clock of one range of so many bytes, from now."""
        return Deadline(self.total_s + length / self.slowest_bytes_per_s)


# What nobody waits for with a hand on the mouse may wait for a rate limit: its window is five minutes.
PATIENT = Limits(total_s=15 * 60.0, attempts=6)
# Where an older answer is at hand, the server is asked whether it still holds, and not waited for.
HURRIED = Limits(total_s=10.0, attempts=2)


class Deadline:
    """A moment that does not move."""

    def __init__(self, seconds: float) -> None:
        """Begin now."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.remaining == 0
