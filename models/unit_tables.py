"""The tables of units: ids that say nothing, spans that say what a unit was and when, and editions that publish them.

Spans are never deleted and only their `replaced` changes, so that every tree ever shown can be shown again.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from models.schema import UtcDateTime, metadata

edition = Table(
    "edition",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("changes", Integer, nullable=False),
)

unit = Table(
    "unit",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("successor_id", String(16), ForeignKey("unit.id")),
    CheckConstraint("successor_id <> id", name="successor"),
)

unit_span = Table(
    "unit_span",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", String(16), ForeignKey("unit.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("kind", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("short_name", String(80), nullable=False),
    Column("parent_id", String(16), ForeignKey("unit.id")),
    # The span stands in the editions from `since` up to, but not including, `replaced`.
    Column("since", Integer, nullable=False, server_default="0"),
    Column("replaced", Integer),
    CheckConstraint("valid_to >= valid_from", name="dates"),
    CheckConstraint("parent_id <> unit_id", name="parent"),
    CheckConstraint("kind <> '' AND name <> ''", name="named"),
    CheckConstraint("replaced > since", name="editions"),
)

STANDING = unit_span.c.replaced.is_(None)
Index(
    "uq_unit_span_unit_id_valid_from",
    unit_span.c.unit_id,
    unit_span.c.valid_from,
    unique=True,
    sqlite_where=STANDING,
    postgresql_where=STANDING,
)
