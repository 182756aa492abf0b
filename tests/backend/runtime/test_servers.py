"""The settings that make the servers safe to trust, asked of the servers themselves."""

import stat
from pathlib import Path

import psycopg
import pytest

from tests.backend.runtime.trial import ask

pytestmark = pytest.mark.runtime


def test_postgres_is_durable_and_listens_on_a_socket_only(trial):
    wanted = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "max_connections": "200",
        "password_encryption": "scram-sha-256",
        "server_encoding": "UTF8",
        "synchronous_commit": "on",
    }

    with trial.database() as database:
        shown = {name: database.execute(f"SHOW {name}").fetchone()[0] for name in wanted}
        version = database.info.server_version // 10000

    assert shown == wanted
    assert version == 18


def test_database_knows_umlauts_and_german_words_without_the_systems_help(trial):
    with trial.database() as database:
        row = database.execute(
            "SELECT lower('ÄÖÜ'), to_tsvector('german', 'SCHLAGLÖCHER')::text"
        ).fetchone()

    assert row == ("äöü", "'schlagloch':1")


def test_application_role_is_no_superuser_and_makes_databases(trial):
    with trial.database() as database:
        roles = database.execute(
            "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchall()

    assert roles == [("sachstand", False, True)]


def test_valkey_keeps_everything_and_wants_the_password(trial):
    broker = trial.broker()
    wanted = {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "port": "0",
        "protected-mode": "yes",
        "save": "",
    }

    assert {name: broker.config_get(name)[name] for name in wanted} == wanted
    assert broker.config_get("requirepass")["requirepass"] != ""


def test_sockets_lie_in_a_private_folder(trial):
    folder = Path(trial.state.folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "valkey.sock").stat().st_mode) == 0o700


def test_nobody_is_let_in_under_another_name(trial):
    url = trial.state.environment["DATABASE_URL"].replace("//sachstand@", "//somebody@")

    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(url)


def test_given_servers_are_used_and_none_started(trial, tmp_path):
    given = trial.state.environment
    answer = ask(
        tmp_path / "other",
        *("exec", "--", "sh", "-c", 'echo "$DATABASE_URL $REDIS_URL [$EMBEDDED]"'),
        DATABASE_URL=given["DATABASE_URL"],
        REDIS_URL=given["REDIS_URL"],
    )

    assert answer.stdout == f"{given['DATABASE_URL']} {given['REDIS_URL']} []\n"
    assert list((tmp_path / "other" / "data").iterdir()) == []
