"""The version that health reports and that every ETag carries, so that no browser keeps an older release's pictures."""

VERSION = "0.1.0"
