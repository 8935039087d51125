"""What an operator may decide, read once from the environment; a missing or unsafe value refuses to start.

Source: DESIGN sections 3 and 9. Names begin with `PARTNERSHIP_`, but for the two addresses that every platform calls
`DATABASE_URL` and `MIGRATION_DATABASE_URL`. Messages name the setting and the rule and never repeat a value, as a value
may be a secret. The demo issuer signs in anybody as anybody, so no setting turns it on: only the `demo` command does,
and only beside a database on this machine.
"""

import hmac
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from service.rules.mail import address_of

PREFIX = "PARTNERSHIP_"
SHORTEST_SECRET = 32
ADDRESSES = ("DATABASE_URL", "MIGRATION_DATABASE_URL")
DEMO_AUDIENCE = "urn:partnership:demo:graph"
ONLY_COMMANDS_SET = ("demo", "data_dir")
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingsRefused(Exception):
    """One line that names each setting at fault and the rule it breaks."""


class CommandLineOnly(EnvSettingsSource):
    """The environment, without the fields that only a command of ours may set."""

    def __call__(self) -> dict[str, Any]:
        found = super().__call__()
        for name in ONLY_COMMANDS_SET:
            if name in found:
                raise SettingsRefused(f"{PREFIX}{name.upper()} is not a setting: only the `demo` command sets it")
        known = {f"{PREFIX}{name}".upper() for name in self.settings_cls.model_fields}
        given = sorted(name for name in os.environ if name.upper().startswith(PREFIX))
        if strangers := [name for name in given if name.upper() not in known]:
            raise SettingsRefused(f"{strangers[0]} is not a setting")
        return found


class Settings(BaseSettings):
    """Everything an operator decides. Frozen; secrets and addresses stay out of its `repr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True
    )

    database_url: str = Field(
        validation_alias="DATABASE_URL",
        repr=False,
        description="PostgreSQL 15 or newer as partnership_app; several hosts and target_session_attrs are allowed.",
    )
    migration_database_url: str | None = Field(
        default=None,
        validation_alias="MIGRATION_DATABASE_URL",
        repr=False,
        description="The same database as partnership_migrator; only `migrate` and `demo` need it.",
    )
    secret: SecretStr = Field(description="At least 32 bytes; signs access proofs, cursors and idempotency keys.")
    issuers: tuple[dict[str, Any], ...] = Field(default=(), description="A JSON list of trusted token issuers.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("localhost", "127.0.0.1"), description="Host names that requests may name, separated by commas."
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Origins of other sites whose pages may open a socket, separated by commas."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on; 0 takes any free one.")
    pool_min: int = Field(default=2, ge=0, le=100, description="Database connections kept open.")
    pool_max: int = Field(default=10, ge=2, le=1000, description="Database connections at most; one of them listens.")
    statement_timeout_ms: int = Field(default=2000, ge=50, le=60_000, description="The longest a statement may take.")
    request_deadline_ms: int = Field(default=10_000, ge=100, le=120_000, description="The longest a request may take.")
    requests_per_minute: int = Field(
        default=600, ge=0, le=100_000, description="Requests a minute that one account may make of a replica; 0: any."
    )
    executor: Literal["breadth-first", "graphql-core"] = Field(
        default="breadth-first", description="What runs operations; both answer alike, graphql-core takes longer."
    )
    webhook_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        default=(),
        description="Networks inside (CIDR, commas) that webhooks may reach; for tests alone.",
    )
    delivers: bool = Field(
        default=True, description="Whether this replica sends webhooks and mail, and tells of deadlines."
    )
    smtp_host: str | None = Field(default=None, description="The relay that mail goes through; none: no mail.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The relay's port.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the relay is reached; none is for this machine alone."
    )
    smtp_user: str | None = Field(default=None, repr=False, description="Whom to sign in at the relay as, if anybody.")
    smtp_password: SecretStr | None = Field(default=None, description="What to sign in at the relay with.")
    smtp_from: str | None = Field(default=None, description="The plain address that mail comes from.")
    portal_url: str | None = Field(default=None, description="Where people sign in: the link in each mail.")
    public_url: str | None = Field(
        default=None, description="This service's own address outside, whose /mail/unsubscribe ends mail."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="What is logged.")
    demo: bool = Field(default=False, description="Whether the demo issuer signs people in; set by `demo` alone.")
    data_dir: Path | None = Field(default=None, description="Where the demo keeps its data; set by `demo` alone.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What a command gives, then the environment; no file is read behind the operator's back."""
        return init_settings, CommandLineOnly(settings_cls)

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and (problem := address_problem(url)):
            raise ValueError(problem)
        return url

    @field_validator("secret")
    @classmethod
    def _is_hard_to_guess(cls, secret: SecretStr) -> SecretStr:
        value = secret.get_secret_value().encode()
        if len(value) < SHORTEST_SECRET:
            raise ValueError(f"must be at least {SHORTEST_SECRET} bytes")
        if len(set(value)) < SHORTEST_SECRET // 4:
            raise ValueError("repeats too few characters to be secret; make one with `openssl rand -base64 48`")
        return secret

    @field_validator("allowed_hosts", "allowed_origins", "webhook_networks", mode="before")
    @classmethod
    def _split_hosts(cls, hosts: object) -> object:
        if isinstance(hosts, str):
            return tuple(host.strip() for host in hosts.split(",") if host.strip())
        return hosts

    @field_validator("allowed_hosts")
    @classmethod
    def _names_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        if not hosts or "*" in hosts:
            raise ValueError("must name the hosts; a star would take any")
        return hosts

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or not parts.netloc
                or f"{parts.scheme}://{parts.netloc}" != origin
            ):
                raise ValueError("each must be an origin, such as https://portal.example")
        return origins

    @field_validator("smtp_host", "smtp_user", "smtp_password", "smtp_from", "portal_url", "public_url", mode="before")
    @classmethod
    def _blank_is_none(cls, given: object) -> object:
        return None if given == "" else given

    @field_validator("smtp_host")
    @classmethod
    def _is_a_host(cls, host: str | None) -> str | None:
        if host is not None and not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", host):
            raise ValueError("must be the name or the address of a host")
        return host

    @field_validator("smtp_from")
    @classmethod
    def _is_an_address(cls, address: str | None) -> str | None:
        if address is not None and address_of(address) != address:
            raise ValueError("must be one plain address, its domain in small letters")
        return address

    @field_validator("portal_url", "public_url")
    @classmethod
    def _is_a_link(cls, link: str | None) -> str | None:
        if link is not None:
            parts = urlsplit(link)
            near = parts.scheme == "http" and parts.hostname in LOCAL
            if (
                not re.fullmatch(r"[\x21-\x7e]{1,200}", link)
                or not parts.hostname
                or not (near or parts.scheme == "https")
            ):
                raise ValueError("must begin with https:// and have at most 200 plain characters")
            if set(link) & set('<>"{}?#@'):
                raise ValueError("must hold no sign-in, query or fragment")
        return link

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.smtp_host is None:
            return self
        for name in ("smtp_from", "portal_url", "public_url"):
            if getattr(self, name) is None:
                raise ValueError(f"{PREFIX}{name.upper()}: is required beside {PREFIX}SMTP_HOST")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError(f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD must be given together")
        if self.smtp_tls == "none" and self.smtp_host not in LOCAL:
            raise ValueError(f"{PREFIX}SMTP_TLS: none is for a relay on this machine alone")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.migration_database_url is not None and _user(self.database_url) == _user(self.migration_database_url):
            raise ValueError("DATABASE_URL and MIGRATION_DATABASE_URL must sign in as different roles")
        if self.pool_min > self.pool_max:
            raise ValueError("PARTNERSHIP_POOL_MIN must not be more than PARTNERSHIP_POOL_MAX")
        if self.statement_timeout_ms > self.request_deadline_ms:
            raise ValueError("PARTNERSHIP_STATEMENT_TIMEOUT_MS must not be more than PARTNERSHIP_REQUEST_DEADLINE_MS")
        addresses = [url for url in (self.database_url, self.migration_database_url) if url is not None]
        if self.demo and not all(is_local(url) for url in addresses):
            raise ValueError("the demo signs in anybody as anybody, so its DATABASE_URL must be on this machine")
        return self

    @property
    def proof_key(self) -> bytes:
        """What access proofs are made with; `migrate` stores it where the database checks them."""
        return self.key("access proof")

    def key(self, label: str) -> bytes:
        """A key of 32 bytes for one purpose, derived from the secret, so that no purpose can forge another's marks."""
        return derived_key(self.secret.get_secret_value(), label)


def derived_key(secret: str, label: str) -> bytes:
    """32 bytes for one purpose, from the service's secret."""
    return hmac.digest(secret.encode(), b"partnership/" + label.encode(), "sha256")


def read_settings(**given: object) -> Settings:
    """The settings from the environment, with what a command gives on top; refuses in one line."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as errors:
        raise SettingsRefused("; ".join(_line(dict(error)) for error in errors.errors())) from None
    except SourceError:
        raise SettingsRefused(f"{PREFIX}ISSUERS: must be a JSON list") from None


def address_problem(url: str) -> str | None:
    """What is wrong with a database's address, without a word of it; None when it can be understood."""
    try:
        ports, scheme = _ports(url), urlsplit(url).scheme
    except ValueError:
        return "cannot be understood as an address"
    if scheme not in {"postgresql", "postgres"}:
        return "must begin with postgresql://"
    if not all(port.isdecimal() for port in ports):
        # Most often a password in which such a character was not written so.
        return "names a port that is not a number; in a password, write / # ? @ as %2F %23 %3F %40"
    return None


def database_hosts(url: str) -> tuple[str, ...]:
    """The hosts that an address names; a host that begins with a slash is a socket's directory."""
    parts = urlsplit(url)
    in_query = [host for hosts in parse_qs(parts.query).get("host", []) for host in hosts.split(",")]
    in_place = [_without_port(host) for host in parts.netloc.rpartition("@")[2].split(",") if host]
    return tuple(unquote(host) for host in [*in_place, *in_query])


def is_local(url: str) -> bool:
    """Whether an address can only mean this machine, whatever the driver's own environment says."""
    if "service" in parse_qs(urlsplit(url).query):
        return False
    hosts = database_hosts(url)
    return bool(hosts) and all(host.startswith("/") or host in LOCAL for host in hosts)


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _ports(url: str) -> list[str]:
    parts = urlsplit(url)
    hosts = [host.rpartition("]")[2] for host in parts.netloc.rpartition("@")[2].split(",")]
    in_query = [port for ports in parse_qs(parts.query).get("port", []) for port in ports.split(",")]
    return [port for port in [*(host.partition(":")[2] for host in hosts), *in_query] if port]


def _user(url: str) -> str | None:
    parts = urlsplit(url)
    named = parse_qs(parts.query).get("user", [""])[-1]
    return named or parts.username


def _line(error: dict[str, Any]) -> str:
    place = [str(step) for step in error["loc"]]
    message = str(error["msg"]).removeprefix("Value error, ")
    if not place:
        return message
    name = place[0] if place[0] in ADDRESSES else f"{PREFIX}{place[0].upper()}"
    if error["type"] == "missing":
        return f"{name}: is required"
    if error["type"] == "tuple_type":
        return f"{name}: must be a JSON list"
    return f"{name}: {message[0].lower()}{message[1:]}"
