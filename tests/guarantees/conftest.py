"""The hall of `tests.handlers`, for guarantees that are attacked at the desk."""

from tests.handlers.conftest import hall

__all__ = ["hall"]
