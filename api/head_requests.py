"""HEAD answered like GET, without the body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ONLY_HEAD = "patchwork.only_head"  # key of the scope: a route whose body is long work need not begin it


class HeadRequests:
    """ASGI middleware: every route that answers GET answers HEAD with the same status and headers.

    FastAPI routes declare GET alone, so that the OpenAPI document does not list everything twice.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for GET and drop the body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", ONLY_HEAD: True}, receive, without_body)
