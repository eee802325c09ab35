"""What of the shards of one name is damaged, in few sentences however much it is."""

from data_access.terramesh.layout import Shard

SHOWN = 20  # a part's metadata must not grow with the damage; the number tells the rest


class Problems:
    """Gathers sentences about damage."""

    def __init__(self) -> None:
        """Nothing is damaged yet."""
        self.sentences: list[str] = []  # about whole shards
        self._members: list[str] = []
        self._more = 0

    def add(self, key: str, shard: Shard, message: str) -> None:
        """Name a damaged member."""
        if len(self._members) < SHOWN:
            self._members.append(f"{key} in {shard.relative}: {message}")
        else:
            self._more += 1

    def told(self) -> tuple[str, ...]:
        """All of it: whole shards first."""
        more = (f"{self._more} more members of these shards can not be read.",) if self._more else ()
        return (*self.sentences, *self._members, *more)
