"""Every knob of Patchwork, its default and its reason, in one place.

Order of precedence: flags, environment variables `PATCHWORK_*`, `patchwork.toml` in the working folder, defaults.
"""

import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    CliSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from errors import SettingsError

REPOSITORY_ROOT = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
APP_SCRIPT = "app.py"  # other programs, such as the demo builder and pytest, have flags of their own


class Settings(BaseSettings):
    """What an operator may choose; requests can not change any of it."""

    model_config = SettingsConfigDict(
        env_prefix="PATCHWORK_", toml_file="patchwork.toml", extra="ignore", env_ignore_empty=True
    )

    terramesh: str | None = Field(
        None,
        description="TerraMesh root: folder with val/ and/or train/ shards, hf, hf:owner/name, or an http(s) address",
    )
    bigearthnet_txt: str | None = Field(
        None, description="BigEarthNet.txt Parquet file: a path, hf, or an http(s) address"
    )
    bigearthnet_images: str | None = Field(None, description="rico-hdl LMDB folder, or folder of GeoTIFF trees")
    cache_dir: Path = Field(
        Path(platformdirs.user_cache_dir("patchwork")),
        description="where the demo collection, built tables and what is fetched live",
    )
    cache_gb: float = Field(10.0, gt=0, description="how large the cache may grow, in gigabytes")
    terramesh_index: Path | None = Field(
        None, description="what `python -m batch` made of the TerraMesh root; by default a folder in the cache"
    )
    terramind: str | None = Field(
        None,
        description="TerraMind's weights: demo, terramind_v1_tiny, _small, _base or _large (fetched from the hub at "
        "first use), or a folder with the hub's files; unset: the demo model for the demo collection, and for real "
        "data what the hub's cache holds",
    )
    terramind_device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        "auto", description="where TerraMind runs; auto: on a GPU where there is one"
    )
    scheduler: str | None = Field(
        None, description="address of a Dask scheduler for `python -m batch`, such as tcp://10.0.0.1:8786"
    )
    world_atlas: Path = Field(
        REPOSITORY_ROOT / "node_modules" / "world-atlas", description="folder with countries-50m.json (Natural Earth)"
    )
    host: str = Field("127.0.0.1", description="loopback by default: nothing is served to a network unasked")
    port: int = Field(8501, ge=1, le=65535, description="port of pages and API")
    public_hosts: str = Field(
        "", description="names, separated by commas, under which browsers reach this server beside loopback and host"
    )
    allow_jobs: bool | None = Field(
        None,
        description="whether the Data page may start and pause batch jobs, empty the cache and test typed values; "
        "unset: only where nobody but this machine reaches the server",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read flags (init), then the environment, then patchwork.toml; no .env and no secret files."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def serves_this_machine_only(self) -> bool:
        """Whether nobody but users of this machine is meant to reach the server, directly or through a proxy."""
        return self.host in LOOPBACK_HOSTS and not self.public_hosts.strip()

    @property
    def cache_bytes(self) -> float:
        """How large the cache may grow, in bytes; gigabytes as disks are sold."""
        return self.cache_gb * 1e9

    @property
    def sample_cache_bytes(self) -> float:
        """The half of it that samples fetched from far may take; tables and downloads share the other."""
        return self.cache_bytes / 2

    @property
    def demo_dir(self) -> Path:
        """Folder of the demo collection."""
        return self.cache_dir / "demo"

    @property
    def tables_dir(self) -> Path:
        """Folder of tables and indexes built from the data, one sub-folder per collection revision."""
        return self.cache_dir / "tables"


def load_settings(flags: Sequence[str] = ()) -> Settings:
    """Read the settings; `flags` are command line words such as `--terramesh DIR`.

    Raises:
        SettingsError: a value can not work; the message names the setting and why.
    """
    try:
        source = CliSettingsSource[Settings](
            Settings, cli_parse_args=list(flags), cli_kebab_case=True, cli_ignore_unknown_args=True
        )
        return Settings(_cli_settings_source=source)  # type: ignore[call-arg] # pydantic's plugin-less stubs lack it
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"PATCHWORK_{name.upper()} is {first['input']!r}: {first['msg']}. Set it to a value that fits or unset it."
        ) from error


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once: flags after `streamlit run app.py --`, environment, patchwork.toml."""
    program, *words = sys.argv
    return load_settings(words if Path(program).name == APP_SCRIPT else ())


def streamlit_flags(of: Settings) -> list[str]:
    """Words for `streamlit run` that carry host and port of the settings."""
    return ["--server.address", of.host, "--server.port", str(of.port)]


if __name__ == "__main__":
    # The Makefile asks this module for the flags, so that host and port have one home.
    sys.stdout.write(" ".join(streamlit_flags(settings())) + "\n")
