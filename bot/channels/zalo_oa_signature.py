"""How Zalo signs an event of an Official Account: SHA-256 over the app's id, the raw body, its timestamp, the secret.

Plain SHA-256 and not HMAC, over the bytes as they came: the same JSON written anew does not match (Zalo's Java SDK).
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

HEADER = "X-ZEvent-Signature"
MAC = re.compile(r"\s*mac\s*=\s*([0-9a-f]{64})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seal:
    """The app's id and the secret shown beside its webhook (not the app's own secret)."""

    app_id: str
    secret: str = field(repr=False)

    def mac(self, body: bytes, timestamp: str, signer: str = "") -> str:
        """Sign a body, as lower hex. Some put the account's id first: `signer` is for telling that apart."""
        text = (signer or self.app_id).encode(), body, timestamp.encode(), self.secret.encode()
        return hashlib.sha256(b"".join(text)).hexdigest()

    def fits(self, given: str, body: bytes, timestamp: str, signer: str = "") -> bool:
        """Tell, in constant time, whether a `mac` is the body's."""
        return hmac.compare_digest(given.encode(), self.mac(body, timestamp, signer).encode())


def read_mac(header: str) -> str:
    """Take the signature out of the header, written `mac=…` or `mac = …` in any case; "" for anything else."""
    found = MAC.fullmatch(header[:200])
    return found[1].lower() if found else ""
