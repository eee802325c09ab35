"""A process for tests: answers every frame with itself, and writes to its standard output what is no frame."""

import os
import sys

from data_access.piped.frames import Splitter, framed
from data_access.piped.parent import Parent


def main() -> None:
    """Answer until the parent goes; a frame of kind `x` ends the process with its body as status."""
    parent = Parent()
    sys.stdout.write("a library's greeting\n")
    sys.stdout.flush()
    splitter = Splitter(1 << 30)
    while True:
        for kind, body in splitter.feed(parent.read(None)):
            if kind == b"x":
                os._exit(int(body))
            parent.write(framed(kind, body))


if __name__ == "__main__":
    main()
