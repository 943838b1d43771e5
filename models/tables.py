"""Names every module that owns a table, so that migrations and tests see the whole schema."""

from models import (  # noqa: F401 - each brings its tables along
    answers,
    audit,
    bounds,
    broadcasts,
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
    outlets,
    participation,
    passage,
    people,
    postings,
    posts,
    received,
    recipients,
    released,
    rests,
    rules,
    seen,
    sketches,
    subscriptions,
    tokens,
    unit_tables,
    versions,
    watches,
)
from models.schema import metadata

__all__ = ["metadata"]
