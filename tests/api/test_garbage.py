"""Modules are looked at once, pages' garbage is still collected."""

import gc
import weakref

from api.garbage import spare_what_stays


class Ring:
    """Refers to itself: only the collector can let go of it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_lives_is_spared_and_later_garbage_is_collected() -> None:
    stays, rubbish = Ring(), weakref.ref(Ring())
    try:
        spare_what_stays()
        assert not any(each is stays for each in gc.get_objects())  # those that collections look at
        assert rubbish() is None, "what was garbage before is not kept"
        later = weakref.ref(Ring())
        gc.collect()
        assert later() is None
    finally:
        gc.unfreeze()
