"""GET /api/docs: the interactive documentation, from scripts of an installed package and without a network.

FastAPI's own page loads its scripts from a CDN and starts them inline, which the content security policy forbids.
"""

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

DOCS_PATH = "/docs"
SCRIPTS_PATH = "/docs-scripts"
START_PATH = "/docs-start.js"
SCRIPTS = Path(fastapi_offline.__file__).parent / "static"  # Swagger UI, Apache-2.0

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{root}{scripts}/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="docs"></div>
<script src="{root}{scripts}/swagger-ui-bundle.js"></script>
<script src="{root}{start}"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({{
  url: "{root}{openapi}",
  dom_id: "#docs",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  syntaxHighlight: false,
  validatorUrl: null
}});
"""


def install_docs(api: FastAPI) -> None:
    """Add the documentation page and its scripts to an app whose own pages are switched off."""
    api.mount(SCRIPTS_PATH, StaticFiles(directory=SCRIPTS), name="docs-scripts")

    @api.get(DOCS_PATH, include_in_schema=False)
    async def docs(request: Request) -> Response:
        """The page."""
        root = request.scope.get("root_path", "")
        return HTMLResponse(
            PAGE.format(title=f"{api.title}: HTTP API", root=root, scripts=SCRIPTS_PATH, start=START_PATH)
        )

    @api.get(START_PATH, include_in_schema=False)
    async def start(request: Request) -> Response:
        """The script that starts it."""
        root = request.scope.get("root_path", "")
        return Response(START.format(root=root, openapi=api.openapi_url), media_type="text/javascript")
