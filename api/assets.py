"""Files below /assets: deck.gl's runtime, our JavaScript modules, the basemap. Nothing comes from another host."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.errors import error_response
from errors import PatchworkError

LASTING = "private, max-age=31536000, immutable"  # a year: the address names the content, so it can not go stale
REVALIDATE = "private, no-cache"  # kept, but asked for by ETag each time
VERSION_PARAMETER = "v"
HASH_CHARACTERS = 16


def content_hash(content: bytes) -> str:
    """Short hash of a file's bytes, for its address."""
    return hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]


class HashedFiles(StaticFiles):
    """Files of a folder, kept for a year where the address carries the hash of their bytes, else revalidated."""

    def __init__(self, directory: Path, suffixes: tuple[str, ...]) -> None:
        """Serve files with these endings below a folder, and no others."""
        super().__init__(directory=directory)
        self._suffixes = suffixes
        self._hashes: dict[tuple[str, float], str] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer one file."""
        if not path.endswith(self._suffixes):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        asked = Request(scope).query_params.get(VERSION_PARAMETER)
        lasting = asked is not None and asked == await run_in_threadpool(self._hash_of, path)
        response.headers["Cache-Control"] = LASTING if lasting else REVALIDATE
        return response

    def _hash_of(self, path: str) -> str:
        """Hash of a file, computed once per modification."""
        full, stat = self.lookup_path(path)
        if stat is None:
            return ""
        key = (full, stat.st_mtime)
        if key not in self._hashes:
            self._hashes[key] = content_hash(Path(full).read_bytes())
        return self._hashes[key]


class MadeFile:
    """One file that is computed, or read, once: compressed beforehand, known by the hash of its bytes."""

    def __init__(self, make: Callable[[], bytes], media_type: str) -> None:
        """Compute nothing yet."""
        self._make = make
        self._media_type = media_type
        self._lock = Lock()
        self._made: tuple[bytes, str] | None = None

    async def answer(self, request: Request) -> Response:
        """Answer the file, 304, or the named error why it can not be made."""
        try:
            packed, name = await run_in_threadpool(self._once)
        except PatchworkError as error:
            return error_response(503, error.code, error.message)
        lasting = request.query_params.get(VERSION_PARAMETER) == name
        headers = {"ETag": f'"{name}"', "Cache-Control": LASTING if lasting else REVALIDATE, "Vary": "Accept-Encoding"}
        if f'"{name}"' in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(gzip.decompress(packed), media_type=self._media_type, headers=headers)
        return Response(packed, media_type=self._media_type, headers={**headers, "Content-Encoding": "gzip"})

    def _once(self) -> tuple[bytes, str]:
        """The compressed file and its hash."""
        with self._lock:
            if self._made is None:
                content = self._make()
                self._made = gzip.compress(content, mtime=0), content_hash(content)
            return self._made
