"""The environment decides, and what makes no sense is named."""

import ipaddress

import pytest

from enfilade.errors import SettingError
from enfilade.settings import ServerSettings


def test_nothing_set_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENFILADE_WORKERS", "")
    assert ServerSettings.from_environment() == ServerSettings()


def test_every_setting_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "MAX_UPLOAD": "1048576", "UPLOAD_SECONDS": "90", "RATE_LIMIT": "0", "TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        "WORKERS": "3", "LOG": "JSON", "FETCH_URLS": "on", "FETCH_ALLOW": "192.168.7.0/24", "QUERY_LOG": "On",
        "QUERY_LOG_DAYS": "7",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"ENFILADE_{name}", value)
    assert ServerSettings.from_environment() == ServerSettings(
        max_upload=1_048_576,
        upload_seconds=90,
        rate_limit=0,
        trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1")),
        workers=3,
        log="json",
        fetch_urls=True,
        fetch_allow=(ipaddress.ip_network("192.168.7.0/24"),),
        query_log=True,
        query_log_days=7,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ENFILADE_MAX_UPLOAD", "much"),
        ("ENFILADE_MAX_UPLOAD", "20 MiB"),
        ("ENFILADE_RATE_LIMIT", "-1"),
        ("ENFILADE_WORKERS", "0"),
        ("ENFILADE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("ENFILADE_TRUSTED_PROXIES", "my-proxy"),
        ("ENFILADE_LOG", "xml"),
        ("ENFILADE_FETCH_URLS", "yes"),
        ("ENFILADE_FETCH_ALLOW", "intranet.example"),
        ("ENFILADE_QUERY_LOG", "1"),
        ("ENFILADE_QUERY_LOG_DAYS", "0"),
        ("ENFILADE_QUERY_LOG_DAYS", "36501"),
    ],
)
def test_what_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingError, match=variable):
        ServerSettings.from_environment()
