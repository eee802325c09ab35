"""The version that health reports and that every ETag carries, so that no browser keeps an older release's pictures."""

from data_access.version import VERSION

__all__ = ["VERSION"]
