"""Weakenings of who is counted together, under which rules, and when."""

from tests.mutants.weakening import Weakening

PEOPLE: tuple[Weakening, ...] = (
    Weakening(
        "publish the leftover below k at the root",
        "models/planner.py",
        "        elif self._patience.final:\n            self._withheld += rest.people\n",
        "        elif self._patience.final:\n            self._emitted[top] = rest\n",
        ("test_g03_size", "tests/models/test_planner.py"),
    ),
    Weakening(
        "absorb the leftover into an old group",
        "models/release.py",
        "    await participation.settle(conn, order.questionnaire, decided.withheld, WITHHELD, order.period)\n",
        "    from sqlalchemy import update\n"
        "    group = released.release_group\n"
        "    its = group.c.questionnaire == order.questionnaire\n"
        "    old = (await conn.execute(select(group.c.id).where(its).order_by(group.c.id).limit(1))).scalar()\n"
        "    rest, state = len(decided.withheld), RELEASED if old else WITHHELD\n"
        "    await conn.execute(update(group).where(group.c.id == old).values(n=group.c.n + rest))\n"
        "    await participation.settle(conn, order.questionnaire, decided.withheld, state, order.period)\n",
        ("test_g03_size", "tests/models/test_release.py"),
    ),
    Weakening(
        "release exactly k and keep the rest",
        "models/planner.py",
        "                passed.take(pool.staying)\n",
        "                passed.take(pool.staying)\n"
        "                self._carried += passed.people[self._patience.k :]\n"
        "                passed.people = passed.people[: self._patience.k]\n",
        ("test_g03_size", "tests/models/test_planner.py"),
    ),
    Weakening(
        "use a person in two groups",
        "models/planner.py",
        "            rest.take(self._emitted.pop(smallest))\n",
        "            rest.take(self._emitted[smallest])\n",
        ("test_g03_size", "test_g04_linear"),
    ),
    Weakening(
        "groups of four",
        "models/planner.py",
        '        raise ValueError(f"groups of fewer than {LEAST_K} people are refused (k = {patience.k})")\n',
        "        patience = Patience(4, patience.hold, patience.final)\n",
        ("test_g03_size", "tests/models/test_planner.py"),
    ),
    Weakening(
        "count newcomers",
        "models/release.py",
        "or_(joined.is_(None), joined >= order.period)",
        "joined.is_(None)",
        ("test_g13_sybil_bound",),
    ),
    Weakening(
        "count officers",
        "models/release.py",
        "    return {*(await conn.execute(new)).scalars(), *(await conn.execute(officers)).scalars()}\n",
        "    return {*(await conn.execute(new)).scalars()}\n",
        ("test_g13_sybil_bound",),
    ),
    Weakening(
        "count whoever was an officer until yesterday",
        "models/release.py",
        "or_(ended.is_(None), ended > began)",
        "ended.is_(None)",
        ("test_g13_sybil_bound",),
    ),
    Weakening(
        "let the planner see what somebody said",
        "models/planner.py",
        "    waited: int\n    countable: bool\n",
        '    waited: int\n    countable: bool\n    said: str = ""\n',
        ("test_g06_data_independence",),
    ),
    Weakening(
        "publish no group in which all agree",
        "models/release.py",
        "        for number, group in enumerate(decided.groups):\n",
        "        for number, group in enumerate(decided.groups):\n"
        "            cells = tally.of(number).items()\n"
        "            if len(group.members) in [n for (_, option), n in cells if option != '@answered']:\n"
        "                continue\n",
        ("test_g06_data_independence",),
    ),
    Weakening(
        "open a group again on an edit",
        "models/answers.py",
        "    row = row.where(~exists().where(*_SENT, _THEIRS.state != PENDING))\n",
        "",
        ("test_g03_size", "tests/models/test_answers.py"),
    ),
    Weakening(
        "let somebody who was released wait again",
        "models/participation.py",
        "    return into.values({name: bindparam(name) for name in names}).on_conflict_do_nothing()\n",
        "    again = into.values({name: bindparam(name) for name in names})\n"
        "    of = ['person_id', 'questionnaire']\n"
        "    return again.on_conflict_do_update(index_elements=of, set_={'state': PENDING})\n",
        ("tests/models/test_answers.py",),
    ),
    Weakening(
        "let people who wait move to another unit",
        "models/participation.py",
        "    return into.values({name: bindparam(name) for name in names}).on_conflict_do_nothing()\n",
        "    again = into.values({name: bindparam(name) for name in names})\n"
        "    moved = {'unit_id': bindparam('unit_id')}\n"
        "    return again.on_conflict_do_update(index_elements=['person_id', 'questionnaire'], set_=moved)\n",
        ("test_g03_size", "tests/models/test_answers.py"),
    ),
    Weakening(
        "loosen k with the pack",
        "models/rules.py",
        "max(one.k, other.k)",
        "min(one.k, other.k)",
        ("test_g11_frozen_rules",),
    ),
    Weakening(
        "loosen the patience with the pack",
        "models/rules.py",
        "max(one.hold, other.hold)",
        "min(one.hold, other.hold)",
        ("test_g11_frozen_rules",),
    ),
    Weakening(
        "loosen the noise with the pack",
        "models/rules.py",
        "min(one.epsilon, other.epsilon)",
        "max(one.epsilon, other.epsilon)",
        ("test_g11_frozen_rules",),
    ),
    Weakening(
        "take every question for exact that the pack calls so today",
        "models/rules.py",
        "one.exact & other.exact",
        "one.exact | other.exact",
        ("test_g11_frozen_rules",),
    ),
    Weakening(
        "freeze the rules anew with every answer",
        "models/rules.py",
        '    return into.values({**given, "edition": last}).on_conflict_do_nothing()\n',
        '    anew = into.values({**given, "edition": last})\n'
        "    return anew.on_conflict_do_update(index_elements=['questionnaire'], set_={'k': bindparam('k')})\n",
        ("test_g11_frozen_rules",),
    ),
    Weakening(
        "open a house whose pack was loosened",
        "bot/foundation.py",
        "    if loosened:\n",
        "    if False:\n",
        ("test_g11_frozen_rules",),
    ),
    Weakening(
        "let a message with the calendar's words start a release",
        "handlers/reception.py",
        "        if inbound.sender.channel == calendar.CHANNEL:\n            return await",
        '        if inbound.sender.channel == calendar.CHANNEL or inbound.text.startswith("release:"):\n'
        "            return await",
        ("test_g12_no_one_chooses",),
    ),
    Weakening(
        "close a period a day early",
        "models/periods.py",
        "    after = date(year, month, _checked(close_day)) + timedelta(days=1)\n",
        "    after = date(year, month, _checked(close_day)) + timedelta(days=0)\n",
        ("test_g12_no_one_chooses", "tests/models/test_periods.py"),
    ),
)
