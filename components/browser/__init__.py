"""How Streamlit loads the components, and how they report; what they share in the browser lies beside this."""

from functools import lru_cache
from typing import Any

import streamlit as st

from components import urls


@lru_cache(maxsize=16)
def component(name: str, script: str, style: str, root: str, missing: str = "") -> Any:  # noqa: ANN401 - Streamlit's callable has no public type
    """A Streamlit component whose code is a module of ours, registered once per process.

    Args:
        name: unique in the app.
        script: its module below `components/`, loaded from its own address: imports of neighbours work, and the browser
            keeps the file. What stands here is sent with every change of the data, so it is as short as it gets.
        style: its style sheet below `components/`.
        root: class of the element that the module fills.
        missing: said in its place where the module does not load; without it, nothing is, and less is sent.
    """
    module, sheet = urls.component_file(script), urls.component_file(style)
    say = f'c.parentElement.querySelector(".{root}").textContent="{missing}"'
    otherwise = f".catch(()=>({{default:c=>{{{say}}}}}))" if missing else ""
    return st.components.v2.component(
        name,
        html=f'<link rel="stylesheet" href="{sheet}"><div class="{root}"></div>',
        # Two lines: Streamlit takes a single one for the name of a file. A promise: Streamlit cleans up after a
        # component that goes before its module is here.
        js=f'export default async c=>\n(await import(new URL("{module}",location.origin)){otherwise}).default(c)',
    )


def reported(key: str, name: str) -> Any:  # noqa: ANN401 - JSON of the browser; the caller checks it
    """What a component's browser side reported under a name in this run, or None; `key` is the component's."""
    result = st.session_state.get(key)
    return result.get(name) if result else None
