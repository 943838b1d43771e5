"""Posts to everybody who follows an Official Account: an article is made, then told to the followers.

There is no broadcast of free text. What /broadcast is to use: `create`, `verify` until it is made, `broadcast` between
6:00 and 21:59. Nobody is ever chosen by age or gender: whom it reaches is not known, and is not to be. There is no list
of who got it either. Field names and bodies: Zalo's Java SDK.
"""

from dataclasses import dataclass
from typing import Any

from bot.channels.parts import utf16
from bot.channels.zalo_oa_calls import Call
from bot.channels.zalo_oa_failures import PROCESSING, Refusal

CREATE, VERIFY, BROADCAST = "/v2.0/article/create", "/v2.0/article/verify", "/v2.0/oa/message"
MAX_TITLE, MAX_AUTHOR, MAX_DESCRIPTION = 150, 50, 300


@dataclass(frozen=True, slots=True)
class Article:
    """A post: its words in paragraphs, and the address of a cover picture (JPG or PNG on the public web)."""

    title: str
    author: str
    description: str
    paragraphs: tuple[str, ...]
    cover: str

    def __post_init__(self) -> None:
        """Refuse what Zalo would refuse, before anything is sent."""
        limits = (("title", MAX_TITLE), ("author", MAX_AUTHOR), ("description", MAX_DESCRIPTION))
        for name, limit in limits:
            if not 0 < utf16(getattr(self, name)) <= limit:
                raise ValueError(f"an article's {name} has 1 to {limit} characters")
        if not self.paragraphs or not self.cover.startswith("https://"):
            raise ValueError("an article has paragraphs, and a cover on the public web")


async def create(call: Call, article: Article) -> str:
    """Begin to make an article, and give the token by which to ask for it. Raises what `Calls` raises.

    Comments are off: on a public page they would name people. `status` is said, since Zalo's default hides it.
    """
    made = await call(CREATE, _body(article))
    return str(made.get("token", ""))


def _body(article: Article) -> dict[str, Any]:
    return {
        "type": "normal",
        "title": article.title,
        "author": article.author,
        "cover": {"cover_type": "photo", "photo_url": article.cover, "status": "show"},
        "description": article.description,
        "body": [{"type": "text", "content": paragraph} for paragraph in article.paragraphs],
        "status": "show",
        "comment": "hide",
    }


async def verify(call: Call, token: str) -> str:
    """Give the id of an article that was begun, "" while it is being made. Raises what `Calls` raises.

    The answer's exact form is undocumented: an id is looked for under `id` and `article_id`.
    """
    try:
        made = await call(VERIFY, {"token": token})
    except Refusal as refusal:
        if refusal.code != PROCESSING:
            raise
        return ""
    return str(made.get("id") or made.get("article_id") or "")


async def broadcast(call: Call, article_id: str, city: str = "") -> str:
    """Tell an article to the followers, to those of one city if one is named; give the message's id.

    Raises what `Calls` raises: a Refusal -234 at night, -211 and -218 for what was posted too often.
    """
    target = {"cities": city} if city else {}
    element = {"media_type": "article", "attachment_id": article_id}
    payload = {"template_type": "media", "elements": [element]}
    body = {"recipient": {"target": target}, "message": {"attachment": {"type": "template", "payload": payload}}}
    sent = await call(BROADCAST, body)
    return str(sent.get("message_id", ""))
