"""Who may start jobs, empty the cache and test typed values: whoever sits at this machine, never a public visitor.

Unless the operator says otherwise, all of these must agree that nobody else can be asking: the settings, Streamlit's
own address (it can be given past the settings), the visitor's address, and the absence of a proxy's headers.
"""

import ipaddress

import streamlit as st

from data_access.settings import LOOPBACK_HOSTS, settings

_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")

WHY_NOT = (
    "Jobs, the cache and typed values are for the operator. This server can be reached by others, so the page only "
    "shows their state; PATCHWORK_ALLOW_JOBS=true opens them to every visitor."
)
WHY_NEVER = "The operator has switched jobs off (PATCHWORK_ALLOW_JOBS=false); the page only shows their state."


def may_operate() -> bool:
    """Whether this visitor may change anything on this machine."""
    allowed = settings().allow_jobs
    if allowed is not None:
        return allowed
    return settings().serves_this_machine_only and _is_bound_to_loopback() and _visitor_is_local()


def why_not() -> str:
    """Why the buttons are missing, for a visitor who may not operate."""
    return WHY_NEVER if settings().allow_jobs is False else WHY_NOT


def _is_bound_to_loopback() -> bool:
    """Streamlit serves every interface where no address is set."""
    return st.get_option("server.address") in LOOPBACK_HOSTS


def _visitor_is_local() -> bool:
    address = st.context.ip_address  # None for this machine's own
    if address is not None and not _is_loopback(address):
        return False
    return not any(name in st.context.headers for name in _PROXY_HEADERS)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
