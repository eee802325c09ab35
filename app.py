"""Patchwork as one ASGI application: the pages, with API and assets beside them. Run it by `streamlit run app.py`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pydeck
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from api.application import create_api
from api.assets import HashedFiles, MadeFile
from api.garbage import spare_what_stays
from api.opening import Opening
from api.prompt_sockets import send_at_once
from api.security import AllowedHosts, Security, page_policy
from data_access.collections import collections_of_process
from data_access.settings import REPOSITORY_ROOT, settings
from data_access.world import basemap_geojson

DECK_RUNTIME = Path(pydeck.__file__).parent / "nbextension" / "static" / "index.js"  # deck.gl, as pydeck ships it
INDEX_PAGE = Path(st.__file__).parent / "static" / "index.html"

ASSETS = [
    Route("/deck/index.js", MadeFile(DECK_RUNTIME.read_bytes, "text/javascript").answer),
    Route("/countries.geojson", MadeFile(basemap_geojson, "application/geo+json").answer),
    Mount("/components", HashedFiles(REPOSITORY_ROOT / "components", (".js", ".css"))),
]

opening = Opening(collections_of_process)
api = create_api(opening)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the collections in the background: health and the first page answer meanwhile."""
    send_at_once()
    spare_what_stays()
    opening.start()
    yield
    api.state.hall.close()


app = st.App(
    REPOSITORY_ROOT / "pages" / "shell.py",
    routes=[
        Mount("/api", api),
        Mount("/assets", routes=ASSETS),
    ],
    middleware=[
        Middleware(
            Security,
            hosts=AllowedHosts.of(settings().host, settings().public_hosts),
            policy=page_policy(INDEX_PAGE),
        )
    ],
    lifespan=lifespan,
)
