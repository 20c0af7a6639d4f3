"""Settings: typed, loud, and with a secret of their own where none is given."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from collector import config
from collector.backups import postgresql


def test_the_defaults_run_the_embedded_collector(tmp_path: Path) -> None:
    made = config.load({"AFTERWORD_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"})
    assert (made.url, made.threads, made.is_sqlite) == ("http://127.0.0.1:8400", 16, True)


def test_a_server_is_reached_where_it_listens_unless_an_address_is_set() -> None:
    given = {"AFTERWORD_SECRET_KEY": "s" * 40}
    assert config.load(given, own_url="http://127.0.0.1:8500").url == "http://127.0.0.1:8500"
    given["AFTERWORD_URL"] = "https://feedback.example.com"
    assert config.load(given, own_url="http://127.0.0.1:8500").url == "https://feedback.example.com"


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    environment = {"AFTERWORD_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"}
    first = config.load(environment).secret_key
    assert config.load(environment).secret_key == first
    assert stat.S_IMODE((tmp_path / "a.secret").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AFTERWORD_DATABSE_URL", "x", "is not a setting"),
        ("AFTERWORD_DATABASE_URL", "mysql://x", "must begin with"),
        ("AFTERWORD_SECRET_KEY", "short", "32 characters"),
        ("AFTERWORD_SECRET_KEY", "CHANGE-ME-to-32-characters-or-more-of-chance", "still holds CHANGE-ME"),
        ("AFTERWORD_SMTP_URL", "smtp://me:CHANGE-ME@mail.example.com", "still holds CHANGE-ME"),
        ("AFTERWORD_URL", "example.com", "http://"),
        ("AFTERWORD_THREADS", "many", "whole number"),
        ("AFTERWORD_THREADS", "-1", "whole number"),
        ("AFTERWORD_LOG_LEVEL", "loud", "must be debug"),
        ("AFTERWORD_SMTP_URL", "mail.example.com", "smtp://"),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_line(name: str, value: str, said: str) -> None:
    with pytest.raises(config.SettingError) as caught:
        config.load({"AFTERWORD_SECRET_KEY": "s" * 40, name: value})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_secret_value_is_not_repeated_in_the_error() -> None:
    with pytest.raises(config.SettingError) as caught:
        config.load({"AFTERWORD_DATABASE_URL": "mysql://me:hunter2@db"})
    assert "hunter2" not in str(caught.value)


def test_postgresql_needs_a_secret_of_its_own() -> None:
    with pytest.raises(config.SettingError, match="SECRET_KEY must be set"):
        config.load({"AFTERWORD_DATABASE_URL": "postgresql://db/x"})


def test_postgresql_means_psycopg() -> None:
    made = config.load({"AFTERWORD_DATABASE_URL": "postgres://db/x", "AFTERWORD_SECRET_KEY": "s" * 40})
    assert made.database_url == "postgresql+psycopg://db/x"


@pytest.mark.parametrize(
    ("given", "hosts", "ports"),
    [
        ("postgresql://u:p%40x@a:5501,b:5502/db?target_session_attrs=read-write", "a,b", "5501,5502"),
        ("postgresql+psycopg://u:p%40x@a,b:5502/db?target_session_attrs=read-write", "a,b", "5432,5502"),
        ("postgres://u:p%40x@[::1]:1,[fe80::2]:2/db?target_session_attrs=read-write", "::1,fe80::2", "1,2"),
    ],
)
def test_an_address_of_several_hosts_is_taken_as_libpq_writes_it(given: str, hosts: str, ports: str) -> None:
    made = config.load({"AFTERWORD_DATABASE_URL": given, "AFTERWORD_SECRET_KEY": "s" * 40}).database_url
    engine = create_engine(made)
    _, connecting = engine.dialect.create_connect_args(engine.url)
    del connecting["context"]
    attributes = {"user": "u", "password": "p@x", "dbname": "db", "target_session_attrs": "read-write"}
    assert connecting == {**attributes, "host": hosts, "port": ports}
    place, password = postgresql._conninfo(made)  # pg_dump and pg_restore get the same
    assert conninfo_to_dict(place) | {"password": password} == connecting


def test_an_address_of_several_hosts_may_name_no_database() -> None:
    given = "postgresql://u@a:1,b:2?target_session_attrs=read-write"
    made = config.load({"AFTERWORD_DATABASE_URL": given, "AFTERWORD_SECRET_KEY": "s" * 40}).database_url
    assert dict(make_url(made).query) == {"host": "a,b", "port": "1,2", "target_session_attrs": "read-write"}


def test_hosts_that_cannot_be_read_are_told_in_one_line() -> None:
    with pytest.raises(config.SettingError, match="host:port,host:port"):
        config.load({"AFTERWORD_DATABASE_URL": "postgresql://u@a:x,b/db", "AFTERWORD_SECRET_KEY": "s" * 40})


OIDC = {
    "AFTERWORD_SECRET_KEY": "s" * 40,
    "AFTERWORD_OIDC_ISSUER": "https://login.example.com",
    "AFTERWORD_OIDC_CLIENT_ID": "afterword",
}


def test_rules_of_the_sign_in_service_are_read() -> None:
    rules = "it = administrator, *=member@sales+operations"
    assert config.load({**OIDC, "AFTERWORD_OIDC_ACCESS": rules}).oidc_access == (
        config.Access("it", "administrator", None),
        config.Access("*", "member", ("sales", "operations")),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "http://login.example.com"),
        ("ISSUER", "https://login.example.com?x=1"),
        ("ACCESS", "it"),
        ("ACCESS", "it=boss"),
        ("ACCESS", "it=member@"),
        ("ACCESS", "it=administrator@sales"),
        ("CLIENT_ID", ""),
    ],
)
def test_half_a_sign_in_service_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(config.SettingError):
        config.load({**OIDC, f"AFTERWORD_OIDC_{name}": value})


def test_passwords_are_not_off_without_another_way() -> None:
    assert config.load({**OIDC, "AFTERWORD_PASSWORDS": "off"}).passwords is False
    with pytest.raises(config.SettingError, match="no other way"):
        config.load({"AFTERWORD_SECRET_KEY": "s" * 40, "AFTERWORD_PASSWORDS": "off"})
