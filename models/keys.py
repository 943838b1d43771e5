"""The keys that pending answers and waiting messages are sealed with: a file of its own, never part of a backup.

Destroying a key destroys every copy of what it sealed, in old backups too. Sealing is AES-256-GCM (NIST SP 800-38D)
with a random nonce of 12 bytes; the bound data ties a sealed record to its row, so that rows cannot be exchanged.
Several processes share the file: it is replaced whole under a lock and read again when it has changed.
"""

import base64
import binascii
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES, TAG_BYTES = 12, 16
STANDING = "tokens"  # seals what platforms gave us to speak with; belongs to no period and outlives them all


class KeyFault(Exception):
    """The key file cannot be used; the message is one line for the operator."""


class KeyLost(KeyFault):
    """Something sealed can never be read again: its key is gone, or it does not belong to its row."""


class KeyDestroyed(KeyFault):
    """Nothing more may be sealed under this name: its key was destroyed on purpose."""


@dataclass(frozen=True, slots=True)
class Steady:
    """The keys as they were at one moment: the file is not looked at again for each record."""

    path: Path
    ciphers: Mapping[str, AESGCM]

    def unseal(self, name: str, sealed: bytes, bound: bytes) -> bytes:
        """Give back the bytes. Raises KeyLost where the key is gone or the sealed bytes belong to something else."""
        cipher = self.ciphers.get(name)
        if cipher is None:
            raise KeyLost(f"the key {name!r} is not in {self.path}: what was sealed under it can never be read again")
        try:
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError) as fault:
            raise KeyLost(
                f"a record sealed under {name!r} belongs to another row or another key: it is lost"
            ) from fault


class Keys:
    """The keys of one file, by name: that of a period ("2020-01"), or `STANDING`. A destroyed one never returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_name(path.name + ".lock")
        self._seen: tuple[int, int, int] | None = None
        self._ciphers: dict[str, AESGCM] = {}
        self._destroyed: frozenset[str] = frozenset()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, made empty if there is none. Raises KeyFault where it is damaged, or open to other users."""
        keys = cls(path)
        with keys._locked():
            if not path.exists():
                keys._write({}, frozenset())
        keys._refresh()
        return keys

    def seal(self, name: str, data: bytes, bound: bytes) -> bytes:
        """Seal bytes under the named key, tied to `bound`. Raises KeyDestroyed for a name that was destroyed."""
        self._refresh()
        cipher = self._ciphers.get(name) or self._make(name)
        nonce = os.urandom(NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, data, bound)

    def unseal(self, name: str, sealed: bytes, bound: bytes) -> bytes:
        """Give back the bytes. Raises KeyLost where the key is gone or the sealed bytes belong to something else."""
        return self.steady().unseal(name, sealed, bound)

    def steady(self) -> "Steady":
        """Give the keys as they are now, for very many records."""
        self._refresh()
        return Steady(self._path, self._ciphers)

    def alive(self, name: str) -> bool:
        """Tell whether something sealed under the name can still be read."""
        self._refresh()
        return name in self._ciphers

    def destroyed(self, name: str) -> bool:
        """Tell whether the name was destroyed on purpose."""
        self._refresh()
        return name in self._destroyed

    def names(self) -> list[str]:
        """List the names that have a key, in order."""
        self._refresh()
        return sorted(self._ciphers)

    def destroy(self, name: str) -> None:
        """Destroy a key for good. The old file is overwritten before its blocks are given back; harmless to repeat."""
        with self._locked():
            found, destroyed = self._read()
            found.pop(name, None)
            with self._path.open("r+b") as old:
                self._write(found, destroyed | {name})
                old.write(bytes(os.fstat(old.fileno()).st_size))
                old.flush()
                os.fsync(old.fileno())
        self._refresh()

    def _make(self, name: str) -> AESGCM:
        with self._locked():
            found, destroyed = self._read()
            if name in destroyed:
                raise KeyDestroyed(f"the key {name!r} was destroyed: nothing more can be sealed under it")
            if name not in found:
                self._write({**found, name: AESGCM.generate_key(bit_length=256)}, destroyed)
        self._refresh()
        return self._ciphers[name]

    def _refresh(self) -> None:
        try:
            now = os.stat(self._path)  # noqa: PTH116 - on the hot path, and Path.stat costs twice as much
        except FileNotFoundError:
            lost = "without it answers not yet released can never be read"
            raise KeyFault(f"the key file {self._path} is gone: put it back, {lost}") from None
        mark = (now.st_ino, now.st_mtime_ns, now.st_size)
        if mark == self._seen:
            return
        with self._locked():
            found, self._destroyed = self._read()
        self._ciphers = {name: AESGCM(key) for name, key in found.items()}
        self._seen = mark

    def _read(self) -> tuple[dict[str, bytes], frozenset[str]]:
        kind = self._path.stat().st_mode
        if not stat.S_ISREG(kind):
            raise KeyFault(f"{self._path} is not a file: put the key file back, or move away what stands there")
        if (mode := stat.S_IMODE(kind)) & 0o077:
            raise KeyFault(f"{self._path} is open to other users (mode {mode:04o}): run chmod 600 {self._path}")
        try:
            content = json.loads(self._path.read_bytes())
            found = {name: base64.b64decode(key, validate=True) for name, key in content["keys"].items()}
            if any(len(key) != 32 for key in found.values()):
                raise ValueError("a key is not 32 bytes long")
            return found, frozenset(content["destroyed"])
        except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as fault:
            raise KeyFault(f"{self._path} is damaged: answers not yet released cannot be read ({fault})") from fault

    def _write(self, found: dict[str, bytes], destroyed: frozenset[str]) -> None:
        keys = {name: base64.b64encode(key).decode("ascii") for name, key in sorted(found.items())}
        content = json.dumps({"keys": keys, "destroyed": sorted(destroyed)}, indent=1)
        new = self._path.with_name(self._path.name + ".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            held = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise KeyFault(f"the key file {self._path} cannot be kept here: {fault.strerror}") from fault
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        except OSError as fault:
            raise KeyFault(f"the key file {self._path} cannot be used: {fault.strerror}") from fault
        finally:
            os.close(held)
