"""Names every module that owns a table, so that migrations and tests see the whole schema."""

from models import (  # noqa: F401 - each brings its tables along
    answers,
    audit,
    budget,
    consents,
    dead_letters,
    joining,
    kind,
    leases,
    ledger,
    linking,
    officers,
    outbox,
    participation,
    passage,
    people,
    released,
    rests,
    rules,
    seen,
    tokens,
    unit_tables,
    versions,
)
from models.schema import metadata

__all__ = ["metadata"]
