"""Settings: precedence, defaults that work, and errors that name the variable."""

from pathlib import Path

import pytest

from data_access.settings import REPOSITORY_ROOT, Settings, load_settings, settings, streamlit_flags
from errors import SettingsError


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No PATCHWORK_* of the caller and no patchwork.toml of the checkout."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PATCHWORK_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_serve_the_demo_on_loopback() -> None:
    found = load_settings()
    assert (found.terramesh, found.bigearthnet_txt, found.bigearthnet_images) == (None, None, None)
    assert streamlit_flags(found) == ["--server.address", "127.0.0.1", "--server.port", "8501"]


def test_flags_beat_environment_beats_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("patchwork.toml").write_text('terramesh = "from-file"\nport = 1001\ncache_gb = 3\n', encoding="utf-8")
    monkeypatch.setenv("PATCHWORK_PORT", "1002")
    monkeypatch.setenv("PATCHWORK_CACHE_GB", "4")
    found = load_settings(["--cache-gb", "5"])
    assert (found.terramesh, found.port, found.cache_gb) == ("from-file", 1002, 5)


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("CACHE_GB", "-1"), ("PORT", "http")])
def test_a_bad_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PATCHWORK_{name}", value)
    with pytest.raises(SettingsError, match=f"PATCHWORK_{name} is '{value}'"):
        load_settings()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATCHWORK_TERRAMESH", "")
    assert load_settings().terramesh is None


def test_the_app_reads_its_flags_and_no_other_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    for program, expected in (("/somewhere/app.py", "/data"), ("/somewhere/pytest", None)):
        monkeypatch.setattr("sys.argv", [program, "--terramesh", "/data", "--unknown"])
        settings.cache_clear()
        assert settings().terramesh == expected
    settings.cache_clear()


@pytest.mark.parametrize(
    ("host", "public_hosts", "expected"),
    [
        ("127.0.0.1", "", True),
        ("localhost", " ", True),
        ("0.0.0.0", "", False),  # noqa: S104 - what must not count as loopback
        ("127.0.0.1", "patchwork.example", False),  # behind a proxy the loopback address serves everybody
    ],
)
def test_a_server_that_others_reach_is_told_from_one_of_this_machine(
    host: str, public_hosts: str, expected: bool
) -> None:
    assert load_settings(["--host", host, "--public-hosts", public_hosts]).serves_this_machine_only is expected


def test_every_setting_is_documented() -> None:
    page = (REPOSITORY_ROOT / "docs" / "connect-real-data.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`PATCHWORK_{name.upper()}`" in page
