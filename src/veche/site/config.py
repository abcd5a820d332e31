"""The settings an operator may choose, typed; every one is in the table of `docs/operations.md`."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_DEMO_KEY = "demonstration-only-never-in-production-0000000000000000"
_DATABASES = ("sqlite:///", "postgres://", "postgresql://")


class Config(BaseSettings):
    """Read from the environment. Refuses to be built when production lacks a secret key."""

    model_config = SettingsConfigDict(env_prefix="VECHE_", extra="ignore", env_ignore_empty=True)

    production: bool = False
    secret_key: str = ""
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    allowed_hosts: list[str] = ["localhost", "127.0.0.1", "[::1]"]
    data_dir: Path = Path("var")
    city_dir: Path | None = None
    journal_dir: Path | None = None
    journal_delay_s: int = Field(default=5, ge=1, le=86_400)
    keys_dir: Path | None = None
    keys_url: str = ""
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    owner_url: str = ""
    pool_size: int = Field(default=8, ge=1)
    web_threads: int = Field(default=8, ge=1)
    web_workers: int = Field(default=1, ge=1)
    mail_url: str = "console:"
    mail_from: str = "Veche <veche@localhost>"
    sms_url: str = "console:"
    sms_token: str = ""
    metrics_token: str = ""
    upload_limit_mb: int = Field(default=25, ge=1, le=100)
    directory_ttl_s: float = Field(default=2.0, ge=0)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    proxies: int = Field(default=0, ge=0)

    @field_validator("database_url", "mail_url", "sms_url", "public_url")
    @classmethod
    def _has_a_readable_port(cls, value: str) -> str:
        try:
            urlsplit(value).port  # noqa: B018 - reading it is the check
        except ValueError as error:
            raise ValueError("the port must be a number from 0 to 65535") from error
        return value

    @field_validator("database_url")
    @classmethod
    def _names_a_database(cls, value: str) -> str:
        if not value:
            return value
        if not value.startswith(_DATABASES):
            raise ValueError(f"must begin with {' or '.join(_DATABASES[:2])}")
        if not value.startswith("sqlite") and len(urlsplit(value).path) < 2:
            raise ValueError("must name the database at its end, like postgres://localhost/veche")
        return value

    @field_validator("keys_url", "owner_url")
    @classmethod
    def _is_postgresql(cls, value: str) -> str:
        if value and not value.startswith(_DATABASES[1:]):
            raise ValueError("must begin with postgres://")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
            raise ValueError("must be like https://veche.example.org, without a path")
        return value

    @field_validator("city_dir")
    @classmethod
    def _is_there(cls, folder: Path | None) -> Path | None:
        if folder and not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.production and len(self.secret_key) < 32:
            raise ValueError("production needs VECHE_SECRET_KEY, at least 32 characters of random text")
        if self.production and self.demo:
            raise ValueError("VECHE_DEMO opens accounts to everybody; it must be off in production")
        if not self.secret_key:
            self.secret_key = _DEMO_KEY
        return self

    @property
    def journal_folder(self) -> Path:
        """Where the public log lies; servers on several machines share it."""
        return (self.journal_dir or self.data_dir / "journal").resolve()

    @property
    def keys_folder(self) -> Path:
        """Where the secrets lie: the key of the log, and the keys of people unless they have a database."""
        return (self.keys_dir or self.data_dir / "keys").resolve()

    @property
    def origin(self) -> str:
        """The address people reach this deployment at, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
