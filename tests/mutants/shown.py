"""Weakenings of what is shown, and to whom."""

from tests.mutants.weakening import Weakening

SHOWN: tuple[Weakening, ...] = (
    Weakening(
        "look at a part of a group",
        "models/figures.py",
        "    groups = [group for group in await _groups(conn, tree, on, questionnaire) if group.unit in part]\n",
        "    groups = [group for group in await _groups(conn, tree, on, questionnaire) if group.unit in part]\n"
        "    groups = [_Group(group.id, group.unit, group.period, max(group.n - 1, 5)) for group in groups]\n",
        (
            "test_g07_one_door",
            "test_g03_size",
            "tests/models/test_figures.py",
        ),
    ),
    Weakening(
        "give figures of groups that are too small",
        "models/figures.py",
        "    return all(group.n >= least for group in groups)\n",
        "    return bool(least)\n",
        ("test_g04_linear",),
    ),
    Weakening(
        "show without entering it in the ledger",
        "models/figures.py",
        "    await ledger.enter(conn, look, [entry for entry in entries if entry.groups])\n",
        "",
        ("test_g07_one_door", "test_g04_linear"),
    ),
    Weakening(
        "enter a look without its role",
        "models/ledger.py",
        '"extent": entry.extent, "role": look.role, "day"',
        '"extent": entry.extent, "role": "", "day"',
        ("test_g04_linear", "test_g07_one_door"),
    ),
    Weakening(
        "open a second door to what was released",
        "handlers/withheld.py",
        "from models.units import Unit\n",
        "from models.released import released_count\nfrom models.units import Unit\n",
        ("test_g07_one_door",),
    ),
    Weakening(
        "name a group by chance",
        "models/released.py",
        '    name = hashlib.sha256("\\n".join((*of, group.unit)).encode()).hexdigest()[:32]\n',
        "    import secrets\n\n    name = secrets.token_hex(16)\n",
        ("test_g01_symmetry",),
    ),
    Weakening(
        "tell exactly how many wait",
        "models/buckets.py",
        "    return FEW if people < 10 else TEN\n",
        "    return str(people)[:4]\n",
        ("test_g19_no_lists", "tests/models/test_figures.py"),
    ),
    Weakening(
        "tell how many wait before the close",
        "models/figures.py",
        "    rows = (await conn.execute(select(its.unit_id, its.bucket).where(its.questionnaire == questionnaire)))",
        "    from sqlalchemy import case\n\n"
        "    from models.participation import PENDING, participation\n\n"
        "    of = participation.c\n"
        "    now = select(of.unit_id, func.count().label('n')).group_by(of.unit_id)\n"
        "    now = now.where(of.questionnaire == questionnaire, of.state == PENDING).subquery()\n"
        "    say = case((now.c.n < 10, '1-9'), else_='10+').label('bucket')\n"
        "    rows = (await conn.execute(select(now.c.unit_id, say)))",
        ("test_g02_non_interference",),
    ),
    Weakening(
        "answer officers' commands to everybody",
        "handlers/desk.py",
        "    if talk.roles and all(",
        "    if False and all(",
        ("test_g19_no_lists",),
    ),
    Weakening(
        "show officers what is not theirs",
        "handlers/scope.py",
        "    return bool({unit.id for unit in tree.path(unit_id)} & {unit.id for unit in top})\n",
        "    return bool(top)\n",
        ("tests/handlers/test_summary.py", "test_g19_no_lists"),
    ),
    Weakening(
        "name to officers who took part",
        "handlers/summary.py",
        "    summary = view.summary\n    if summary.refused:\n",
        "    summary = view.summary\n"
        "    if visit.person.unit_id:\n"
        "        return visit.inbound.sender.user\n"
        "    if summary.refused:\n",
        ("test_g19_no_lists",),
    ),
    Weakening(
        "publish a question that was published elsewhere",
        "models/release.py",
        "if its.wordings.isdisjoint(elsewhere)}",
        "}",
        ("test_g15_repeats",),
    ),
    Weakening(
        "let a pack ask the same question twice",
        "conversations/repeats.py",
        "            if not wording(step):\n",
        "            if step:\n",
        ("test_g15_repeats",),
    ),
)
