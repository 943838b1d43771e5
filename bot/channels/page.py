"""The web chat's page and the files it is made of: read once, named by their content, and fenced in by headers."""

import gzip
import hashlib
import html
import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

from aiohttp import web

from locales.phrases import Phrases, Say

FOLDER = Path(__file__).parent.parent / "web_static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NEVER = {"Cache-Control": "no-store", **HEADERS}
ALWAYS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding", **HEADERS}


@dataclass(frozen=True, slots=True)
class Part:
    """One static file, plain and compressed."""

    kind: str
    plain: bytes
    zipped: bytes


class Page:
    """The chat's page. `issuer` is the body that speaks here; it stands under the name on every view."""

    def __init__(self, phrases: Phrases, issuer: str) -> None:
        self._parts = {path.name: _part(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
        content = b"".join(part.plain for part in self._parts.values())
        self.version = hashlib.sha256(content).hexdigest()[:12]
        self._template = Template((FOLDER / "index.html").read_text(encoding="utf-8"))
        words = {language: _words(phrases.voice(language)) for language in phrases.languages}
        self._values = {
            "static": f"/static/{self.version}",
            "issuer": html.escape(issuer),
            "words": html.escape(json.dumps(words, ensure_ascii=False)),
            **{name: html.escape(text) for name, text in _frame(phrases.voice("vi")).items()},
        }

    def html(self, start: str = "") -> str:
        """The page as HTML; `start` is the token of an invitation, which the page itself hands over, once."""
        return self._template.substitute(self._values, start=html.escape(start))

    async def part(self, request: web.Request) -> web.Response:
        """Answer one static file by its name, and no other path; a version of the past gets today's, uncached."""
        part = self._parts.get(request.match_info["name"])
        if part is None:
            raise web.HTTPNotFound(headers=NEVER)
        headers = ALWAYS if request.match_info["version"] == self.version else NEVER
        response = web.Response(body=part.plain, content_type=part.kind, charset="utf-8", headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.body = part.zipped
            response.headers["Content-Encoding"] = "gzip"
        return response


def _part(path: Path) -> Part:
    plain = path.read_bytes()
    return Part(TYPES[path.suffix], plain, gzip.compress(plain, mtime=0))


def _frame(say: Say) -> dict[str, str]:
    return {
        "title": say("web.title"),
        "log": say("web.log"),
        "write": say("web.write"),
        "placeholder": say("web.placeholder"),
        "send": say("web.send"),
        "noscript": say("web.noscript"),
    }


def _words(say: Say) -> dict[str, str]:
    return {
        "log": say("web.log"),
        "write": say("web.write"),
        "placeholder": say("web.placeholder"),
        "send": say("web.send"),
        "you": say("web.you"),
        "sending": say("web.sending"),
        "retrying": say("web.retrying"),
        "failed": say("web.failed"),
        "again": say("web.again"),
        "offline": say("web.offline"),
        "cookies": say("web.cookies"),
        "picture": say("web.picture"),
        "attach": say("web.attach"),
        "unattached": say("web.unattached"),
    }
