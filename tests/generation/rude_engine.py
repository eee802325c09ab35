"""An engine whose library writes over the worker's messages, as none should be able to."""

import os


class Engine:
    """Finds the pipe to the app and writes into it."""

    def run(self, *_: object, **__: object) -> None:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"?" * 64)
            except OSError:
                continue
