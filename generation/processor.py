"""Whether this machine's CPU multiplies bf16 in hardware, told without torch."""

from functools import lru_cache
from pathlib import Path

BF16_FLAGS = ("avx512_bf16", "amx_bf16", "bf16")  # x86 as Linux spells them, and ARM
CPU_INFO = Path("/proc/cpuinfo")


@lru_cache(maxsize=1)
def cpu_has_bf16() -> bool:
    """Of this machine; False on other systems than Linux, where no file tells."""
    return names_bf16(CPU_INFO)


def names_bf16(info: Path) -> bool:
    """Whether Linux's description of a processor names bf16."""
    try:
        words = set(info.read_text(encoding="utf-8", errors="replace").split())
    except OSError:
        return False
    return not words.isdisjoint(BF16_FLAGS)
