"""Content between the folders: packs read for the world above, and every version of a questionnaire ever run."""

import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from conversations import packs
from conversations.faults import Faults
from conversations.files import look
from conversations.options import Asked
from conversations.packs import Pack
from conversations.posts import Content
from conversations.questions import Questionnaire
from conversations.stripping import stripped
from handlers.house import House
from locales.formats import local_day
from models import consents, posts, versions
from models.audit import Act
from models.consents import ConsentText
from models.database import Connection
from models.posts import Media, Written
from models.rules import Rules
from models.unit_cells import UnreadableFile
from models.unit_import import import_file
from models.unit_plan import Published, plan
from models.unit_rows import read_rows
from models.units import last_edition


class PackFaults(Exception):
    """A pack cannot be used; the message has one line a fault, each naming file, line and field."""


def read_pack(folder: Path) -> Pack:
    """Read and check a pack, its units included. Raises PackFaults."""
    try:
        pack = packs.load(folder)
    except Faults as faults:
        raise PackFaults("\n".join(str(fault) for fault in faults.faults)) from None
    if faulty := check_units(pack.units_file):
        raise PackFaults("\n".join(faulty))
    return pack


def check_pack(folder: Path) -> list[str]:
    """Say everything that is wrong with a pack, its units included; an empty list for a sound one."""
    faults = packs.check(folder)
    units = folder / "units.csv"
    return faults + (check_units(units) if units.is_file() else [])


def check_units(path: Path) -> list[str]:
    """Say what is wrong with a units file, by row."""
    try:
        sheet = read_rows(path)
    except UnreadableFile as fault:
        return [f"{path}: {fault}"]
    found = sheet.faults or plan(Published({}, {}), sheet.rows).faults
    return [f"{path}:{fault.row}: {fault.problem}" for fault in found]


async def plant_units(conn: Connection, path: Path, act: Act) -> None:
    """Publish the tree of a checked pack in a database that has no units yet."""
    if not await last_edition(conn):
        await import_file(conn, path, act)


async def remember_consent(conn: Connection, its: ConsentText, at: datetime) -> None:
    """Keep what people are asked to agree to, with the day from which they are."""
    await consents.remember(conn, its, local_day(at).isoformat())


async def remember_versions(conn: Connection, pack: Pack) -> None:
    """Keep the questionnaires as they are now, for those who begin with them and go on after a change."""
    for form in pack.questionnaires.values():
        body = form.model_dump_json(by_alias=True, exclude_defaults=True)
        await versions.remember(conn, form.id, form.version, body)


async def remember_posts(conn: Connection, pack: Pack, at: datetime) -> None:
    """Keep the pack's posts in the library, each change of one as another version, with what lies beside them."""
    for post in pack.posts.values():
        content = await _with_files(conn, post.content, pack.folders[post.id])
        known = await posts.named(conn, post.id)
        if known is None:
            await posts.add(conn, written(content), Act(at, posts.PACK), name=post.id)
        else:
            await posts.revise(conn, known.post_id, written(content), Act(at, posts.PACK))


async def _with_files(conn: Connection, content: Content, folder: Path) -> Content:
    kept = {}
    for field in ("picture", "document"):
        if name := getattr(content, field):
            raw = (folder / name).read_bytes()
            data = stripped(raw) or raw
            kept[field] = await posts.keep_media(conn, Media(look(data).kind, name, data))
    return content.model_copy(update=kept)


def written(content: Content) -> Written:
    """A post as the library keeps it."""
    return Written(content.canonical(), content.digest, content.phase, content.topic, content.theme)


async def form_of(conn: Connection, house: House, questionnaire: str, version: str) -> Questionnaire | None:
    """Give a questionnaire in the version that somebody began with; None when nobody ever ran it here."""
    current = house.pack.questionnaires.get(questionnaire)
    if current is not None and current.version == version:
        return current
    if version not in house.forms:
        body = await versions.body(conn, version)
        if body is None:
            return None
        house.forms[version] = Questionnaire.model_validate(json.loads(body))
    return house.forms[version]


async def forms_of(conn: Connection, house: House, questionnaire: str) -> dict[str, Questionnaire]:
    """Every version of a questionnaire that was ever run, by version."""
    found = await versions.bodies(conn, questionnaire)
    forms = {version: Questionnaire.model_validate(json.loads(body)) for version, body in found.items()}
    current = house.pack.questionnaires[questionnaire]
    return {**forms, current.version: current}


def pack_rules(pack: Pack) -> dict[str, Rules]:
    """The rules of release that the pack asks for, by questionnaire."""
    return {form.id: rules_of(pack, form) for form in pack.questionnaires.values()}


def rules_of(pack: Pack, form: Questionnaire) -> Rules:
    """The rules of release of one questionnaire."""
    exact = frozenset(step.id for step in form.steps if isinstance(step, Asked) and step.exact)
    return Rules(pack.k, pack.hold, Fraction(form.epsilon), exact)
