"""The methods of the fake Official Account: each does what Zalo does, or refuses.

Invented: the answer of /v2.0/article/verify, and the code for an offset beyond 9951.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from locales.formats import VIETNAM
from tests.platforms.clock import Clock
from tests.platforms.zalo_oa_people import People, Person, Shown
from tests.platforms.zalo_oa_rules import Refusal, buttons_of, exactly, text_of, units

ASSET = 7 * 86400.0
MAKING = 20.0  # seconds until an article is made
LAST_OFFSET, PAGE = 9951, 50
DEAD = ("/v3.0/oa/message/transaction", "/v3.0/oa/message/promotion")
TARGETS = {"locations", "cities", "platform"}

Answer = dict[str, Any]


@dataclass
class Api:
    """`takes_buttons`: whether buttons are taken (nobody knows of the real one). `quota`: what is left to send,
    `broadcasts_left` of posts (nobody knows how many the real one allows).
    """

    clock: Clock
    people: People
    complaints: list[str]
    takes_buttons: bool = True
    quota: int | None = None
    broadcasts_left: int | None = None
    articles: dict[str, tuple[float, Answer]] = field(default_factory=dict)
    assets: dict[str, float] = field(default_factory=dict)
    broadcasts: list[Answer] = field(default_factory=list)
    _made: dict[str, str] = field(default_factory=dict)

    def method(self, path: str) -> Callable[[Answer], Answer]:
        """Find a method; refuses an unknown path, and complains of a dead one."""
        if path in DEAD:
            self.complaints.append(f"{path} is dead since 2026-03-01")
            raise Refusal(-240)
        methods: dict[str, Callable[[Answer], Answer]] = {
            "/v3.0/oa/message/cs": self._cs,
            "/v2.0/oa/message": self._broadcast,
            "/v3.0/oa/quota/message": self._quota,
            "/v3.0/oa/user/detail": self._detail,
            "/v3.0/oa/user/getlist": self._list,
            "/v2.0/oa/getoa": lambda _: {"oa_id": "388613280878808645", "name": "Công đoàn", "is_verified": True},
            "/v2.0/oa/upload/image": self._upload,
            "/v2.0/article/create": self._create,
            "/v2.0/article/verify": self._verify,
        }
        if path not in methods:
            self.complaints.append(f"{path} is not known")
            raise Refusal(-212)
        return methods[path]

    # ---- messages to one person

    def _cs(self, body: Answer) -> Answer:
        exactly(body, "body", {"recipient", "message"})
        to = exactly(body["recipient"], "recipient", {"user_id"})["user_id"]
        message = exactly(body["message"], "message", set(), {"text", "attachment"})
        text, buttons = self._content(message)
        person, billed = self.people.reachable(to)
        if self.quota is not None:
            if not self.quota:
                raise Refusal(-211)
            self.quota -= 1
        self.people.billed += billed
        shown = Shown(secrets.token_hex(10), text, self.clock.now(), buttons, billed)
        person.show(shown)
        return {"message_id": shown.id, "user_id": person.user, "sent_time": str(int(shown.at * 1000))}

    def _content(self, message: Answer) -> tuple[str, list[Answer]]:
        attachment = message.get("attachment")
        if attachment is None:
            return text_of(message), []
        payload = exactly(attachment, "attachment", {"type", "payload"})["payload"]
        if isinstance(payload, dict) and "buttons" in payload:
            buttons = buttons_of(payload)
            if not self.takes_buttons:
                raise Refusal(-233)
            return text_of(message), buttons
        exactly(payload, "payload", {"template_type", "elements"})
        self._asset(payload["elements"][0].get("attachment_id", ""))
        return str(message.get("text", "")), []

    def _asset(self, id: str) -> None:
        if id not in self.assets or self.clock.now() > self.assets[id] + ASSET:
            raise Refusal(-100)

    def _upload(self, _: Answer) -> Answer:
        id = secrets.token_hex(10)
        self.assets[id] = self.clock.now()
        return {"attachment_id": id}

    def _quota(self, body: Answer) -> Answer:
        person = self._person(exactly(body, "body", {"user_id"})["user_id"])
        return {"last_interaction": str(int((person.last or 0) * 1000)), "cs_reply": {"remain": 8, "total": 8}}

    # ---- people

    def _person(self, user: object) -> Person:
        if not isinstance(user, str) or user not in self.people.by_id:
            raise Refusal(-201, "user_id")
        return self.people.by_id[user]

    def _detail(self, data: Answer) -> Answer:
        person = self._person(exactly(data, "data", {"user_id"})["user_id"])
        return {"user_id": person.user, "user_is_follower": person.follows}

    def _list(self, data: Answer) -> Answer:
        offset, count = data.get("offset"), data.get("count")
        if not isinstance(offset, int) or not isinstance(count, int) or not 0 < count <= PAGE:
            raise Refusal(-201, "count")
        if not 0 <= offset <= LAST_OFFSET:
            raise Refusal(-210)
        all = [{"user_id": person.user} for person in self.people.followers()]
        return {"total": len(all), "count": count, "offset": offset, "users": all[offset : offset + count]}

    # ---- articles and broadcasts

    def _create(self, body: Answer) -> Answer:
        required = {"type", "title", "author", "cover", "description", "body"}
        exactly(body, "body", required, {"status", "comment"})
        for name, limit in (("title", 150), ("author", 50), ("description", 300)):
            if not isinstance(body[name], str) or not 0 < units(body[name]) <= limit:
                raise Refusal(-210)
        cover = exactly(body["cover"], "cover", {"cover_type", "photo_url", "status"})
        if not str(cover["photo_url"]).startswith("https://"):
            raise Refusal(-201, "photo_url")
        for part in body["body"]:
            exactly(part, "body", {"type", "content"})
        token = secrets.token_hex(10)
        self.articles[token] = self.clock.now() + MAKING, {"status": "hide", "comment": "show", **body}
        return {"token": token}

    def _verify(self, body: Answer) -> Answer:
        made, _ = self.articles.get(exactly(body, "body", {"token"})["token"], (None, {}))
        if made is None:
            raise Refusal(-201, "token")
        if self.clock.now() < made:
            raise Refusal(-214)
        return {"id": self._made.setdefault(body["token"], secrets.token_hex(10))}

    def _broadcast(self, body: Answer) -> Answer:
        exactly(body, "body", {"recipient", "message"})
        target = exactly(body["recipient"], "recipient", {"target"})["target"]
        if {"ages", "gender"} & target.keys():
            self.complaints.append("a broadcast is aimed at an age or a gender")
        exactly(target, "target", set(), TARGETS)
        element = body["message"]["attachment"]["payload"]["elements"][0]
        exactly(element, "elements", {"media_type", "attachment_id"})
        if element["attachment_id"] not in self._made.values():
            raise Refusal(-201, "attachment_id")
        if not 6 <= datetime.fromtimestamp(self.clock.now(), UTC).astimezone(VIETNAM).hour < 22:
            raise Refusal(-234)
        if self.broadcasts_left is not None:
            if not self.broadcasts_left:
                raise Refusal(-211)
            self.broadcasts_left -= 1
        self.broadcasts.append(body)
        for person in self.people.followers():
            person.posts.append(element["attachment_id"])
        return {"message_id": secrets.token_hex(10)}
