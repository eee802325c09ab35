"""The version of Patchwork, in health, results and every ETag: no browser keeps an older release's pictures."""

VERSION = "0.1.0"
