"""Names every module that owns a table, so that migrations and tests see the whole schema."""

from models import (  # noqa: F401 - each brings its tables along
    answers,
    audit,
    joining,
    kind,
    leases,
    linking,
    officers,
    outbox,
    participation,
    people,
    released,
    rules,
    seen,
    unit_tables,
    versions,
)
from models.schema import metadata

__all__ = ["metadata"]
