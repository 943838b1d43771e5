"""Names every module that owns a table, so that migrations and tests see the whole schema."""

from models import (
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

OWNERS = (
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

__all__ = ["OWNERS", "metadata"]
