"""Whether a request that changes something was sent by our own pages, or by a program, but not by another website.

A browser lets any website send requests here from its visitors; it only keeps the answers from it. It marks them by
`Sec-Fetch-Site` (https://www.w3.org/TR/fetch-metadata/) where the address is trustworthy, and by `Origin` everywhere.
Programs such as curl send neither.
"""

from urllib.parse import urlsplit

from fastapi import Request

from errors import ForeignOriginError

_OWN = ("same-origin", "none")  # none: typed into the address bar


async def same_origin(request: Request) -> None:
    """Refuse what another website sends. Raises ForeignOriginError."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower() if origin else True
    if (site is not None and site not in _OWN) or (site is None and not own):
        raise ForeignOriginError(
            f"The page {(origin or 'of another website')[:80]!r} may not change anything here. Open Patchwork by its "
            "own address, or ask from a program."
        )
