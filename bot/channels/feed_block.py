"""GET /block, what was published last as a small page for the frame of another site, and GET /post/<id>, one post.

Both are read without a script and set no cookie. Only the block may be framed; its links open in the whole window.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from string import Template

from aiohttp import web

from bot.channels.feed import NAME
from bot.channels.feed_words import Masthead, image, linked, masthead, media_path, paragraphs
from bot.channels.page import FOLDER
from bot.channels.prints import Print, Shelf, away, handed, printed
from bot.writer import Writer
from handlers import published
from handlers.house import House
from handlers.language import NAMES
from handlers.published import Entry, Leaf, Wanted, day_of, position
from locales.formats import day
from locales.phrases import Say

LATEST = 5
SHORT = 220  # letters of a post in the block; a slogan is never cut
TOP = ' target="_top"'
FENCE = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
GUARD = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
FRAMED = {**GUARD, "Content-Security-Policy": FENCE + "*", "Cross-Origin-Resource-Policy": "cross-origin"}
ALONE = {**GUARD, "Content-Security-Policy": FENCE + "'none'", "Cross-Origin-Resource-Policy": "same-origin"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page shows under its masthead: its own address, which of two looks it has, its title.

    `about` and `image` are what other sites show where somebody passes the address on (ogp.me).
    """

    path: str
    look: str
    title: str
    body: str
    about: str = ""
    image: str = ""


class Block:
    """The two pages. `version` names the static files."""

    def __init__(self, house: House, writer: Writer, shelf: Shelf, version: str) -> None:
        self._house = house
        self._writer = writer
        self._shelf = shelf
        self._template = Template((FOLDER / "block.html").read_text(encoding="utf-8"))
        self._static = f"/static/{version}"

    def routes(self) -> list[web.RouteDef]:
        """Two addresses; `?lang=en` asks for another language, and an unknown one gets the first."""
        return [web.get("/block", away(self._latest)), web.get("/post/{id:[0-9]{1,19}}", away(self._post))]

    async def _latest(self, request: web.Request) -> web.StreamResponse:
        mast = masthead(self._house, request.query.get("lang", ""))
        before = position(request.query.get("before", ""))

        async def make() -> Print:
            wanted = Wanted(mast.lang, before, LATEST)
            leaf = await self._writer.write(lambda conn: published.leaf(conn, self._house, wanted), NAME)
            return self._print(mast, Sheet("/block", "block", mast.title, self._listed(mast, leaf)))

        return await self._given(request, ("block", mast.lang, before), make)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        mast = masthead(self._house, request.query.get("lang", ""))
        id = position(request.match_info["id"]) or 0

        async def make() -> Print | None:
            known = await self._writer.write(lambda conn: published.entry(conn, self._house, id, mast.lang), NAME)
            if known is None:
                return None
            body, shown = _whole(mast, known, self._say(mast)), image(mast, known, "board")
            sheet = Sheet(f"/post/{id}", "post", known.title, body, shortened(known.text), shown)
            return self._print(mast, sheet)

        return await self._given(request, ("post", mast.lang, id), make)

    async def _given(
        self, request: web.Request, key: tuple[object, ...], make: Callable[[], Awaitable[Print | None]]
    ) -> web.StreamResponse:
        made = await self._shelf.take(key, make)
        if made is not None:
            return handed(request, made, FRAMED if key[0] == "block" else ALONE)
        mast = masthead(self._house, str(key[1]))
        gone = f"<p>{escape(self._say(mast)('feed.gone'))}</p>{self._all(mast)}"
        made = self._print(mast, Sheet("/block", "post", mast.title, gone))
        headers = {**ALONE, "Cache-Control": "no-store", "Content-Type": made.kind}
        return web.Response(body=made.plain, status=404, headers=headers)

    def _say(self, mast: Masthead) -> Say:
        return self._house.phrases.voice(mast.lang)

    def _listed(self, mast: Masthead, leaf: Leaf) -> str:
        say = self._say(mast)
        parts = [_brief(mast, entry) for entry in leaf.entries] or [f"<p>{escape(say('feed.none'))}</p>"]
        if leaf.more is not None:
            older = escape(mast.path("/block", before=leaf.more))
            parts.append(f'<p class="way"><a href="{older}" target="_top">{escape(say("feed.older"))}</a></p>')
        return "\n".join(parts)

    def _all(self, mast: Masthead) -> str:
        return f'<p class="way"><a href="{mast.path("/block")}">{escape(self._say(mast)("feed.all"))}</a></p>'

    def _print(self, mast: Masthead, sheet: Sheet) -> Print:
        say = self._say(mast)
        text = self._template.substitute(
            language=mast.lang,
            title=escape(mast.headed(sheet.title)),
            look=sheet.look,
            static=self._static,
            name=escape(mast.title),
            about=escape(sheet.about or mast.about),
            image=f'<meta property="og:image" content="{escape(sheet.image)}">' if sheet.image else "",
            banner=f'<p class="strip">{escape(mast.banner)}</p>' if mast.banner else "",
            body=sheet.body + (self._all(mast) if sheet.look == "post" and sheet.path != "/block" else ""),
            atom=escape(mast.path("/feed.xml")),
            json=escape(mast.path("/feed.json")),
            subscribe=escape(say("feed.subscribe")),
            chat=escape(say("privacy.page.chat")),
            others=" · ".join(
                f'<a href="{sheet.path}?lang={each}" lang="{each}" target="_top">{NAMES.get(each, each)}</a>'
                for each in self._house.phrases.languages
                if each != mast.lang
            ),
        )
        return printed("text/html", text)


def _brief(mast: Masthead, entry: Entry) -> str:
    words = entry.text if entry.card else shortened(entry.text)
    address = escape(mast.path(f"/post/{entry.id}"))
    return (
        f'<article lang="{entry.lang}">\n{_when(mast, entry)}\n'
        f'<h2><a href="{address}" target="_top">{escape(entry.title)}</a></h2>\n<p>{escape(words)}</p>\n</article>'
    )


def _whole(mast: Masthead, entry: Entry, say: Say) -> str:
    parts = [f'<article lang="{entry.lang}">', _when(mast, entry), f"<h2>{escape(entry.title)}</h2>"]
    if entry.picture:
        parts.append(f'<p><img src="{media_path(entry.picture.digest)}" alt="{escape(entry.alt)}"></p>')
    parts.append(f'<div class="{"slogan" if entry.card else "words"}">{paragraphs(entry.text, TOP)}</div>')
    if entry.document:
        name = escape(say("feed.document", name=entry.document.name))
        parts.append(f'<p class="way"><a href="{media_path(entry.document.digest)}">{name}</a></p>')
    if entry.ask:
        parts.append(f'<p class="way"><a class="button" href="{escape(entry.ask)}">{escape(entry.label)}</a></p>')
    source = f'<p class="source">{linked(entry.source)}<br>{escape(mast.issuer)}</p>'
    return "\n".join((*parts, source, "</article>"))


def _when(mast: Masthead, entry: Entry) -> str:
    on = day_of(entry)
    return f'<p class="when"><time datetime="{on.isoformat()}">{escape(day(on, mast.lang))}</time></p>'


def shortened(text: str) -> str:
    """The beginning of a text on one line, cut where a word ends."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT + 1].rpartition(" ")[0].rstrip(" ,;:–-") + " …"
