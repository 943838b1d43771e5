"""Secrets are blackened wherever a log record may carry them."""

import io
import json
import logging

from pydantic import SecretStr

from bot.logs import Lines
from bot.redact import Redact, quiet_libraries
from bot.settings import Settings

TOKEN = "123456:AAH-canary_token"


def log_of(*, raises: bool = False) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redact([TOKEN, "", "abc"]))
    log = logging.Logger("test")
    log.addHandler(handler)
    try:
        if raises:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        log.info("POST %s abc", f"/bot{TOKEN}/getMe")
        log.info("POST /bot123456%3AAAH-canary_token/getMe")
        log.info("100% fine", stack_info=True)
    except ValueError:
        log.exception("failed")
    return stream.getvalue()


def test_messages_and_addresses() -> None:
    told = log_of()
    assert "canary" not in told
    assert "POST /bot[secret]/getMe abc" in told
    assert "100% fine" in told


def test_exceptions() -> None:
    told = log_of(raises=True)
    assert "canary" not in told
    assert "ValueError: https://api.telegram.org/bot[secret]/getMe" in told


def test_an_exception_without_a_secret_stays_an_exception() -> None:
    try:
        raise KeyError("x")
    except KeyError as error:
        trace = (type(error), error, error.__traceback__)
        record = logging.LogRecord("n", logging.ERROR, "p", 1, "m", None, trace)
    assert Redact([TOKEN]).filter(record)
    assert record.exc_info == trace


def test_what_stands_beside_a_message_is_blackened_too() -> None:
    stream, redact = io.StringIO(), Redact([TOKEN])
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(redact))
    handler.addFilter(redact)
    log = logging.Logger("test")
    log.addHandler(handler)
    log.warning("a post was refused", extra={"reason": f"there is no bot {TOKEN}", "outlet": "feed"})
    told = json.loads(stream.getvalue())
    assert (told["reason"], told["outlet"]) == ("there is no bot [secret]", "feed")


def test_every_secret_of_the_settings_is_one() -> None:
    names = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    given = {name: f"canary-{name}" for name in names}
    urls = {"database_url": "postgresql://a:canary%2Bpassword@h/d", "telegram_proxy": "http://a:canary-proxy@h:1"}
    settings = Settings(_env_file=None, **urls, **given)  # type: ignore[arg-type]
    assert len(names) >= 8
    inside = {"canary%2Bpassword", "canary+password", "canary-proxy"}
    assert set(settings.secrets) == {*given.values(), *inside}


def test_libraries_that_log_texts_are_quiet() -> None:
    quiet_libraries()
    assert not logging.getLogger("telegram.Bot").isEnabledFor(logging.INFO)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("aiohttp.server").isEnabledFor(logging.ERROR)  # anybody can have it say something
