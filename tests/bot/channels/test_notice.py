"""GET /privacy: anybody may read who can learn what, in both languages, without a chat and without a cookie."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.notice import Notice
from locales.phrases import load


@pytest.fixture
async def page() -> TestClient[web.Request, web.Application]:
    notice = Notice(load(), "Liên đoàn <b>", lambda lang: (f"Ai? {lang}", "một & hai\n\nba"), "0123")
    app = web.Application()
    app.add_routes(notice.routes())
    return TestClient(TestServer(app))


@pytest.mark.parametrize(("asked", "language"), [("", "vi"), ("?lang=en", "en"), ("?lang=xx", "vi"), ("?lang=<", "vi")])
async def test_the_page_speaks_the_language_asked_for(
    page: TestClient[web.Request, web.Application], asked: str, language: str
) -> None:
    async with page:
        answer = await page.get(f"/privacy{asked}")
        text = await answer.text()
    assert answer.status == 200
    assert not answer.cookies
    assert f'<html lang="{language}">' in text
    assert f"Ai? {language}" in text
    assert "một &amp; hai" in text
    assert "<b>" not in text
    assert f'lang="{"vi" if language == "en" else "en"}"' in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
