"""One message as it waits to be sent, in the open and sealed under the key of a period. Knows no table.

A screen may repeat a person's own answers, beside the address it goes to: so it lives no longer than they do.
"""

import base64
import json
from dataclasses import fields
from typing import Any

from models.keys import Keys
from models.messages import Address, Button, Document, Outbound, Picture

_WHOLE = ("to", "buttons", "picture", "document")
_PLAIN = tuple(field.name for field in fields(Outbound) if field.name not in _WHOLE)
_BUTTON = tuple(field.name for field in fields(Button))


def seal(keys: Keys, period: str, outbound: Outbound) -> bytes:
    """Seal a message under a period's key, bound to its address. Raises KeyDestroyed."""
    return keys.seal(period, _pack(outbound), _bound(outbound.to))


def unseal(keys: Keys, period: str, sealed: bytes, to: Address) -> Outbound:
    """Open a message to an address. Raises KeyLost."""
    return _unpack(keys.unseal(period, sealed, _bound(to)), to)


def _bound(to: Address) -> bytes:
    return f"{to.channel}:{to.user}".encode()


def _pack(outbound: Outbound) -> bytes:
    # By hand: this runs for every message, and `asdict` copies deeply what nobody changes.
    body: dict[str, Any] = {name: value for name in _PLAIN if (value := getattr(outbound, name))}
    body["buttons"] = [[[getattr(each, name) for name in _BUTTON] for each in row] for row in outbound.buttons]
    if outbound.picture:
        body["picture"] = [base64.b64encode(outbound.picture.png).decode(), outbound.picture.alt]
    if outbound.document:
        it = outbound.document
        body["document"] = [it.name, base64.b64encode(it.data).decode(), it.kind]
    return json.dumps(body, ensure_ascii=False).encode()


def _unpack(body: bytes, to: Address) -> Outbound:
    kept = json.loads(body)
    rows = tuple(tuple(Button(*button) for button in row) for row in kept.pop("buttons"))
    png, alt = kept.pop("picture", ("", ""))
    picture = Picture(base64.b64decode(png), alt) if png else None
    name, data, kind = kept.pop("document", ("", "", ""))
    document = Document(name, base64.b64decode(data), kind) if data else None
    rest: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return Outbound(to=to, buttons=rows, picture=picture, document=document, **{"text": "", **rest})
