"""Settings: an unsafe value stops the service, in words that never repeat it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from service.app import links_of, relay_of
from service.settings import Settings, SettingsRefused, database_hosts, is_local, read_settings

SECRET = "correct-horse-battery-staple-correct-horse"
APP = "postgresql://partnership_app:hunter2@db.example/partnership"
MIGRATOR = "postgresql://partnership_migrator:hunter3@db.example/partnership"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    import os

    for name in list(os.environ):
        if name.upper().startswith("PARTNERSHIP_") or name.upper() in {"DATABASE_URL", "MIGRATION_DATABASE_URL"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", APP)
    monkeypatch.setenv("PARTNERSHIP_SECRET", SECRET)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("PARTNERSHIP_SECRET", "short", "at least 32 bytes"),
        ("PARTNERSHIP_SECRET", "a" * 64, "too few characters"),
        ("DATABASE_URL", "mysql://user:hunter2@db/x", "must begin with postgresql://"),
        ("DATABASE_URL", "", "must begin with postgresql://"),
        ("MIGRATION_DATABASE_URL", "sqlite:///hunter2", "must begin with postgresql://"),
        ("MIGRATION_DATABASE_URL", APP, "must sign in as different roles"),
        ("PARTNERSHIP_ALLOWED_HOSTS", "*", "must name the hosts"),
        ("PARTNERSHIP_ALLOWED_HOSTS", " , ", "must name the hosts"),
        ("PARTNERSHIP_ISSUERS", "not json hunter2", "must be a JSON list"),
        ("PARTNERSHIP_ISSUERS", '{"issuer": "hunter2"}', "PARTNERSHIP_ISSUERS"),
        ("PARTNERSHIP_PORT", "70000", "PARTNERSHIP_PORT"),
        ("PARTNERSHIP_PORT", "tcp://hunter2:80", "PARTNERSHIP_PORT"),
        ("PARTNERSHIP_POOL_MIN", "50", "PARTNERSHIP_POOL_MIN must not be more"),
        ("PARTNERSHIP_STATEMENT_TIMEOUT_MS", "20000", "PARTNERSHIP_STATEMENT_TIMEOUT_MS must not be more"),
        ("PARTNERSHIP_STATEMENT_TIMEOUT_MS", "0", "PARTNERSHIP_STATEMENT_TIMEOUT_MS"),
        ("PARTNERSHIP_LOG_LEVEL", "hunter2", "PARTNERSHIP_LOG_LEVEL"),
    ],
)
def test_an_operator_with_an_unsafe_value_is_stopped_in_one_line_without_it(
    environment: pytest.MonkeyPatch, name: str, value: str, rule: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsRefused) as refusal:
        read_settings()
    assert rule in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "PARTNERSHIP_SECRET"])
def test_an_operator_who_left_something_out_is_told_its_name(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(SettingsRefused, match=f"^{name}: is required$"):
        read_settings()


@pytest.mark.parametrize("name", ["PARTNERSHIP_DEMO", "partnership_demo", "PARTNERSHIP_DATA_DIR"])
@pytest.mark.parametrize("value", ["1", "0", "true", "/elsewhere"])
def test_an_operator_cannot_switch_the_demo_issuer_on_by_the_environment(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsRefused, match="only the `demo` command"):
        read_settings()


@pytest.mark.parametrize(
    "address",
    [
        APP,
        "postgresql://partnership_app@localhost,db.example/partnership",
        "postgresql://partnership_app@localhost/partnership?host=db.example",
        "postgresql://partnership_app@/partnership?host=/run,db.example",
        "postgresql://partnership_app@localhost.example/partnership",
        "postgresql://localhost@db.example/partnership",
        "postgresql://partnership_app@/partnership",
        "postgresql:///partnership?service=production",
        "postgresql://partnership_app@localhost/partnership?service=production",
    ],
)
def test_the_demo_is_refused_beside_a_database_on_another_machine(address: str) -> None:
    with pytest.raises(SettingsRefused, match="on this machine"):
        read_settings(database_url=address, demo=True)


def test_the_demo_is_refused_when_only_the_migrations_go_to_another_machine() -> None:
    with pytest.raises(SettingsRefused, match="on this machine"):
        read_settings(database_url="postgresql://app@localhost/x", migration_database_url=MIGRATOR, demo=True)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://partnership_app@localhost/partnership",
        "postgresql://partnership_app@127.0.0.1:5433/partnership",
        "postgresql://partnership_app@[::1]:5433/partnership",
        "postgresql://partnership_app@/partnership?host=%2Frun%2Fpostgresql&port=5432",
    ],
)
def test_the_demo_is_allowed_beside_a_database_on_this_machine(address: str) -> None:
    assert is_local(address)
    assert read_settings(database_url=address, demo=True).demo


def test_an_operator_with_several_hosts_is_served(environment: pytest.MonkeyPatch) -> None:
    several = "postgresql://app:pw@one:5432,two:5433/partnership?target_session_attrs=read-write"
    environment.setenv("DATABASE_URL", several)
    assert read_settings().database_url == several
    assert database_hosts(several) == ("one", "two")


RELAY = {
    "PARTNERSHIP_SMTP_HOST": "smtp.example.org",
    "PARTNERSHIP_SMTP_FROM": "partnership@example.org",
    "PARTNERSHIP_PORTAL_URL": "https://portal.example.org/",
    "PARTNERSHIP_PUBLIC_URL": "https://graph.example.org",
}


def test_an_operator_without_a_relay_sends_no_mail(environment: pytest.MonkeyPatch) -> None:
    for name in (*RELAY, "PARTNERSHIP_SMTP_USER", "PARTNERSHIP_SMTP_PASSWORD"):
        environment.setenv(name, "")  # as the example leaves them
    settings = read_settings()
    assert settings.smtp_host is None
    assert relay_of(settings) is None


def test_an_operator_with_a_relay_reaches_it_by_tls(environment: pytest.MonkeyPatch) -> None:
    for name, value in RELAY.items():
        environment.setenv(name, value)
    relay = relay_of(read_settings())
    assert relay is not None
    assert (relay.host, relay.port, relay.tls, relay.domain) == ("smtp.example.org", 587, "starttls", "example.org")
    assert links_of(read_settings()).unsubscribe("t") == "https://graph.example.org/mail/unsubscribe/t"
    environment.setenv("PARTNERSHIP_SMTP_USER", "user")
    environment.setenv("PARTNERSHIP_SMTP_PASSWORD", "hunter2")
    assert "hunter2" not in repr(relay_of(read_settings()))
    assert "hunter2" not in repr(read_settings())


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("PARTNERSHIP_SMTP_HOST", "smtp.example.org hunter2", "PARTNERSHIP_SMTP_HOST"),
        ("PARTNERSHIP_SMTP_FROM", "", "PARTNERSHIP_SMTP_FROM: is required"),
        ("PARTNERSHIP_SMTP_FROM", "Hunter2 <hunter2@example.org>", "one plain address"),
        ("PARTNERSHIP_SMTP_FROM", "hunter2@example.org\r\nBcc: x@example.org", "one plain address"),
        ("PARTNERSHIP_PORTAL_URL", "", "PARTNERSHIP_PORTAL_URL: is required"),
        ("PARTNERSHIP_PUBLIC_URL", "", "PARTNERSHIP_PUBLIC_URL: is required"),
        ("PARTNERSHIP_PORTAL_URL", "http://portal.example.org/hunter2", "must begin with https://"),
        ("PARTNERSHIP_PUBLIC_URL", "https://graph.example.org/?hunter2", "no sign-in, query or fragment"),
        ("PARTNERSHIP_PUBLIC_URL", "https://user:hunter2@graph.example.org/", "no sign-in, query or fragment"),
        ("PARTNERSHIP_PUBLIC_URL", "https://graph.example.org/ hunter2", "plain characters"),
        ("PARTNERSHIP_SMTP_USER", "hunter2", "must be given together"),
        ("PARTNERSHIP_SMTP_PASSWORD", "hunter2", "must be given together"),
        ("PARTNERSHIP_SMTP_TLS", "none", "on this machine alone"),
        ("PARTNERSHIP_SMTP_TLS", "hunter2", "PARTNERSHIP_SMTP_TLS"),
    ],
)
def test_an_operator_with_half_a_relay_is_stopped_in_one_line(
    environment: pytest.MonkeyPatch, name: str, value: str, rule: str
) -> None:
    for each, said in (RELAY | {name: value}).items():
        environment.setenv(each, said)
    with pytest.raises(SettingsRefused) as refusal:
        read_settings()
    assert rule in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value).lower()


def test_an_operator_reads_what_was_set(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MIGRATION_DATABASE_URL", MIGRATOR)
    environment.setenv("PARTNERSHIP_ISSUERS", '[{"issuer": "https://login.example"}]')
    environment.setenv("PARTNERSHIP_ALLOWED_HOSTS", "graph.example, 127.0.0.1")
    settings = read_settings(port=9000)
    assert settings.migration_database_url == MIGRATOR
    assert settings.issuers == ({"issuer": "https://login.example"},)
    assert settings.allowed_hosts == ("graph.example", "127.0.0.1")
    assert settings.port == 9000
    assert not settings.demo


def test_nobody_reads_a_secret_in_a_printed_settings(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MIGRATION_DATABASE_URL", MIGRATOR)
    printed = repr(read_settings()) + str(read_settings())
    assert SECRET not in printed
    assert "hunter" not in printed


def test_nobody_changes_the_settings_of_a_running_service() -> None:
    with pytest.raises(ValidationError):
        read_settings().demo = True


@given(some.text(), some.text())
def test_a_key_for_one_purpose_is_of_no_use_for_another(one: str, other: str) -> None:
    settings = Settings(database_url=APP, secret=SECRET)  # type: ignore[arg-type]
    assert len(settings.key(one)) == 32
    assert (settings.key(one) == settings.key(other)) == (one == other)


def test_a_key_of_another_secret_is_another_key() -> None:
    assert read_settings().key("cursor") != read_settings(secret=SECRET[::-1]).key("cursor")
