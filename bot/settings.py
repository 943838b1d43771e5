"""What an operator may set, from the environment or `.env`. Wrong values are refused with one line that names them."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

REHEARSAL = date(2020, 1, 6)  # a day in the first phase of the campaign that ships


REAL = frozenset(
    {"database_url", "public_url", "campaign", "telegram_token", "zalo_bot_token", "zalo_oa_app_id", "facebook_page_id"}
)  # what only a house for real use needs


class OperatorError(Exception):
    """Something that the operator can put right: one line, exit code 2."""


class Settings(BaseSettings):
    """The settings of one process. `as_of` set means a rehearsal on that day, with a database of its own.

    Without any setting that real use needs (a public address, a database, a campaign, a channel's key) it is a
    rehearsal on `REHEARSAL`. A channel without its token (or, for an Official Account, its app's id) is off, and a
    Facebook page without its id.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    database_url: str = ""
    data_dir: Path = Path("data")
    campaign: str = "kh136"
    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: Annotated[str, Field(pattern=r"^(https?://[^\s]+)?$")] = ""
    as_of: date | None = None

    telegram_token: SecretStr = SecretStr("")
    telegram_base_url: Annotated[str, Field(pattern=r"^https?://")] = "https://api.telegram.org/bot"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_proxy: str = ""
    telegram_pace: Annotated[float, Field(gt=0, le=10_000)] = 30.0  # messages a second over all chats

    zalo_bot_token: SecretStr = SecretStr("")
    zalo_bot_base_url: Annotated[str, Field(pattern=r"^https?://")] = "https://bot-api.zaloplatforms.com/bot"
    zalo_bot_mode: Literal["polling", "webhook"] = "polling"
    zalo_bot_webhook_secret: SecretStr = SecretStr("")
    zalo_bot_monthly: Annotated[int, Field(ge=0)] = 3000
    zalo_bot_users: Annotated[int, Field(ge=0)] = 50

    zalo_oa_app_id: str = ""
    zalo_oa_app_secret: SecretStr = SecretStr("")
    zalo_oa_secret: SecretStr = SecretStr("")
    zalo_oa_refresh_token: SecretStr = SecretStr("")
    zalo_oa_base_url: Annotated[str, Field(pattern=r"^https?://")] = "https://openapi.zalo.me"
    zalo_oauth_base_url: Annotated[str, Field(pattern=r"^https?://")] = "https://oauth.zaloapp.com"
    zalo_oa_buttons: bool = False
    zalo_oa_paid: Annotated[int, Field(ge=0)] = 0
    zalo_oa_in_chat: bool = False

    facebook_page_id: Annotated[str, Field(pattern=r"^[0-9]{0,40}$")] = ""
    facebook_page_token: SecretStr = SecretStr("")
    facebook_app_id: Annotated[str, Field(pattern=r"^[0-9]{0,40}$")] = ""
    facebook_app_secret: SecretStr = SecretStr("")
    facebook_base_url: Annotated[str, Field(pattern=r"^https?://")] = "https://graph.facebook.com/v26.0"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url.startswith("postgresql://"):
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if url and not url.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")):
            raise ValueError("use sqlite+aiosqlite:///FILE or postgresql://USER@HOST/NAME")
        return url

    @model_validator(mode="after")
    def _rehearse(self) -> Self:
        # Where nothing says that this is for real use, it is a rehearsal; so the first `make run` shows everything.
        if self.as_of is None and not self.model_fields_set & REAL:
            self.as_of = REHEARSAL
        return self

    @property
    def database(self) -> str:
        """The database's URL: what is set, else a file in the data folder, another one for rehearsals."""
        name = "rehearsal.db" if self.as_of else "langnghe.db"
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / name}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that no log may show."""
        kept = [value.get_secret_value() for value in vars(self).values() if isinstance(value, SecretStr)]
        inside = [urlsplit(url).password or "" for url in (self.database_url, self.telegram_proxy)]
        return tuple(filter(None, (*kept, *inside, *map(unquote, inside))))

    @property
    def key_file(self) -> Path:
        """Where the keys are, beside the data and never in a backup."""
        return self.data_dir / ("rehearsal-keys.json" if self.as_of else "keys.json")

    @property
    def address(self) -> str:
        """The address that people open, without a slash at its end."""
        return self.public_url.rstrip("/") or f"http://{self.web_host}:{self.web_port}"


def read(**given: object) -> Settings:
    """Read the settings; `given` wins over the environment. Raises OperatorError naming each wrong one."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()]
        raise OperatorError("; ".join(faults)) from None
    except (UnicodeDecodeError, OSError) as error:
        raise OperatorError(f".env cannot be read as UTF-8 text ({error})") from None
