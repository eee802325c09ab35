"""Folder pages of plain HTTP servers, as nginx, Apache, Caddy and Python write them: which names lie in a folder."""

from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from data_access.remote.limits import Limits
from data_access.remote.ranges import reader_of_process
from data_access.remote.remote_root import RemoteRoot
from errors import AccessDeniedError, SourceMissingError

MAX_PAGE_BYTES = 8 << 20  # 1,000 rows of any server have less than 300 kB
MAX_NAMES = 100_000


class _Links(HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the target of a link."""
        target = dict(attrs).get("href") if tag == "a" else None
        if target and len(self.targets) < MAX_NAMES:
            self.targets.append(target)


def names_in(root: RemoteRoot, folder: str, limits: Limits | None = None) -> tuple[set[str], set[str]]:
    """Names of sub-folders and of files that a folder page lists; both empty where there is no such page.

    Args:
        root: a plain HTTP root.
        folder: path below it, "" for itself.
        limits: how long to wait; by default as for ranges.

    Raises:
        RemoteError: the server can not be reached.
    """
    url = root.folder_url(folder)
    try:
        page = reader_of_process().page(url, folder or root.name, limit=MAX_PAGE_BYTES, limits=limits)
    except (SourceMissingError, AccessDeniedError):
        return set(), set()
    if "html" not in page.headers.get("Content-Type", ""):
        return set(), set()
    links = _Links()
    links.feed(page.body.decode("utf-8", "replace"))
    names = {name for target in links.targets if (name := _name(page.url, target))}
    return {name.rstrip("/") for name in names if name.endswith("/")}, {name for name in names if name[-1] != "/"}


def _name(page_url: str, target: str) -> str | None:
    """The name right below a folder that a link leads to, folders with a slash; None for all other links."""
    try:
        there, here = urlsplit(urljoin(page_url, target)), urlsplit(page_url)
    except ValueError:
        return None
    if (there.scheme, there.netloc) != (here.scheme, here.netloc) or there.query or there.fragment:
        return None
    base = here.path.rpartition("/")[0] + "/"
    name = unquote(there.path.removeprefix(base))
    if not there.path.startswith(base) or not name.strip("/") or "/" in name.rstrip("/") or name.startswith("."):
        return None
    return name
