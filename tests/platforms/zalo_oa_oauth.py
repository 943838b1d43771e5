"""The oauth host of the fake: codes for ten minutes, access tokens for 25 hours, refresh tokens that work once.

Invented, since it is documented nowhere: the error for a bad or spent refresh token, and that an access token dies with
its successor (`old_dies`).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.clock import Clock

CODE, ACCESS, REFRESH = 600.0, 25 * 3600.0, 90 * 86400.0


@dataclass
class Oauth:
    """The tokens of one app and one account. `bought` counts purchases that succeeded, `refused` those that did not."""

    clock: Clock
    app_id: str
    app_secret: str
    old_dies: bool = True
    bought: int = 0
    refused: int = 0
    _codes: dict[str, tuple[float, str]] = field(default_factory=dict)
    _access: dict[str, float] = field(default_factory=dict)
    _refresh: dict[str, float] = field(default_factory=dict)

    def consent(self, challenge: str) -> str:
        """Let the account's administrator agree; gives the code that comes with the redirect."""
        code = secrets.token_hex(20)
        self._codes[code] = self.clock.now() + CODE, challenge
        return code

    def explorer(self) -> tuple[str, str]:
        """Give a pair as the console's API Explorer does: access, refresh."""
        return self._pair()

    def valid(self, token: str) -> int:
        """Give 0 for a token that works now, else the code of the refusal."""
        if token not in self._access:
            return -216
        return 0 if self.clock.now() < self._access[token] else -220

    def revoke(self) -> None:
        """Let no access token work any more."""
        self._access.clear()

    def token(self, headers: dict[str, str], form: dict[str, str]) -> dict[str, Any]:
        """Answer POST /v4/oa/access_token."""
        if headers.get("secret_key") != self.app_secret or form.get("app_id") != self.app_id:
            return self._no(-14002, "Invalid appId")
        kind = form.get("grant_type")
        if kind == "authorization_code" and form.keys() == {"code", "app_id", "grant_type", "code_verifier"}:
            until, challenge = self._codes.pop(form["code"], (0.0, ""))
            if self.clock.now() < until and challenge == challenge_of(form["code_verifier"]):
                return self._sold()
        bare = kind == "refresh_token" and form.keys() == {"refresh_token", "app_id", "grant_type"}
        if bare and self.clock.now() < self._refresh.pop(form["refresh_token"], 0.0):
            return self._sold()
        return self._no(-14014, "Invalid token")

    def _sold(self) -> dict[str, Any]:
        self.bought += 1
        if self.old_dies:
            self._access.clear()
        access, refresh = self._pair()
        return {"access_token": access, "refresh_token": refresh, "expires_in": "90000"}

    def _pair(self) -> tuple[str, str]:
        access, refresh = f"access-{secrets.token_hex(40)}", f"refresh-{secrets.token_hex(40)}"
        self._access[access] = self.clock.now() + ACCESS
        self._refresh[refresh] = self.clock.now() + REFRESH
        return access, refresh

    def _no(self, code: int, name: str) -> dict[str, Any]:
        self.refused += 1
        return {"error": code, "error_name": name, "error_reason": name, "ref_doc": "", "error_description": name}


def challenge_of(verifier: str) -> str:
    """PKCE: base64url, without padding, of the SHA-256 of the verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
