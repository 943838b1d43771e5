"""GET /privacy: who can learn what, for anybody to read before opening any chat."""

import html
from collections.abc import Callable, Sequence
from string import Template

from aiohttp import web

from bot.channels.page import FOLDER, NEVER
from handlers.language import NAMES
from locales.phrases import Phrases


class Notice:
    """The page, in each language. `told` gives title and text (paragraphs between empty lines) of a language."""

    def __init__(self, phrases: Phrases, issuer: str, told: Callable[[str], tuple[str, str]], version: str) -> None:
        template = Template((FOLDER / "notice.html").read_text(encoding="utf-8"))
        self._pages: dict[str, str] = {}
        for language in phrases.languages:
            title, text = told(language)
            self._pages[language] = template.substitute(
                language=language,
                title=html.escape(title),
                issuer=html.escape(issuer),
                static=f"/static/{version}",
                paragraphs="\n".join(f'<p class="bubble">{html.escape(part)}</p>' for part in text.split("\n\n")),
                chat=html.escape(phrases.say(language, "privacy.page.chat")),
                others=_others(language, phrases.languages),
            )

    def routes(self) -> list[web.RouteDef]:
        """The one address; `?lang=en` asks for another language, and an unknown one gets the first."""
        return [web.get("/privacy", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        first = next(iter(self._pages.values()))
        text = self._pages.get(request.query.get("lang", ""), first)
        return web.Response(text=text, content_type="text/html", headers=NEVER)


def _others(language: str, languages: Sequence[str]) -> str:
    links = (
        f'<a href="/privacy?lang={each}" lang="{each}">{NAMES[each]}</a>' for each in languages if each != language
    )
    return " · ".join(links)
