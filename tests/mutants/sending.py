"""Weakenings of once and no more, of when a broadcast goes and when it does not."""

from tests.mutants.weakening import Weakening

COPIES, LEASE = "tests/models/test_recipients.py", "tests/bot/broadcasting/test_lease.py"
PEOPLE, SENT = "tests/bot/broadcasting/test_people.py", "tests/bot/broadcasting/test_sending.py"
PLACES = "tests/bot/test_outlets.py"

SENDING: tuple[Weakening, ...] = (
    # ---- once
    Weakening(
        "send without the lease",
        "bot/broadcasting/office.py",
        "self.now(), self.term.lasts):\n            raise Lost\n",
        "self.now(), self.term.lasts):\n            pass\n",
        (LEASE,),
    ),
    Weakening(
        "take a lease whose term is not over",
        "models/leases.py",
        'lease.c.until <= bindparam("at", type_=UtcDateTime))',
        'lease.c.until >= bindparam("at", type_=UtcDateTime))',
        ("tests/models/test_once.py",),
    ),
    Weakening(
        "send a copy that another is sending",
        "models/recipients.py",
        "_ITS.id.in_(ids), _ITS.trying.is_(not trying))",
        "_ITS.id.in_(ids))",
        (COPIES,),
    ),
    Weakening(
        "settle a copy that another is sending",
        "models/recipients.py",
        "_ITS.id.in_(list(became)), _ITS.trying.is_(tried))",
        "_ITS.id.in_(list(became)))",
        (COPIES,),
    ),
    Weakening(
        "send before it is noted",
        "bot/broadcasting/slices.py",
        "        marked = await recipients.mark(conn, [each.id for each in found], trying=True)\n",
        "        marked = {each.id for each in found}\n",
        (SENT,),
    ),
    Weakening(
        "send again what a dead process was sending",
        "models/recipients.py",
        '    return await settle(conn, {id: Tallied(channel, "unknown") for id, channel in rows}, tried=True)\n',
        "    await mark(conn, [id for id, _ in rows], trying=False)\n    return Counter()\n",
        (LEASE,),
    ),
    Weakening(
        "call what is unknown sent",
        "bot/broadcasting/sender.py",
        'Unknown: "unknown"',
        'Unknown: "sent"',
        (SENT,),
    ),
    Weakening(
        "forget that somebody may have it",
        "models/recipients.py",
        'REACHED = ("sent", "placed", "unknown")',
        'REACHED = ("sent", "placed")',
        (SENT,),
    ),
    Weakening(
        "forget during a long broadcast who had it",
        "models/received.py",
        "_ITS.day < before, _ITS.broadcast_id.not_in(going_on))",
        "_ITS.day < before)",
        (COPIES,),
    ),
    Weakening(
        "two copies for a person of two accounts",
        "models/recipients.py",
        "    both = await received.of(conn, old) & await received.of(conn, new)\n",
        "    both: set[int] = set()\n",
        (PEOPLE,),
    ),
    Weakening(
        "post again what a dead process was posting",
        "models/postings.py",
        "    await conn.execute(trying.values(state=UNKNOWN, reason=DIED, at=at))\n",
        "    await conn.execute(trying.values(state=WAITING, reason=DIED, at=at))\n",
        (PLACES,),
    ),
    Weakening(
        "post again where no answer came",
        "bot/outlets/settling.py",
        '            return {"state": UNKNOWN, "reason": LOST}\n',
        '            return {"state": WAITING, "reason": LOST}\n',
        (PLACES,),
    ),
    Weakening(
        "post again what stands there",
        "models/postings.py",
        'act, (FAILED, UNKNOWN), "")',
        'act, (FAILED, UNKNOWN, SENT), "")',
        (PLACES,),
    ),
    # ---- when
    Weakening(
        "write for one more hour in the evening",
        "handlers/quiet.py",
        "else hour >= since or hour < until",
        "else hour > since or hour < until",
        ("tests/handlers/test_quiet.py",),
    ),
    Weakening(
        "write an hour too late in the morning",
        "handlers/quiet.py",
        "else hour >= since or hour < until",
        "else hour >= since or hour <= until",
        ("tests/handlers/test_quiet.py",),
    ),
    Weakening(
        "go on sending at night",
        "bot/broadcasting/sender.py",
        "not self._office.running or quiet(self._office.now(), self._office.house.pack) or self._rest.left:",
        "not self._office.running or self._rest.left:",
        (PEOPLE,),
    ),
    Weakening(
        "wake those who have a page open at night",
        "bot/broadcasting/placing.py",
        "not self._office.running or quiet(self._office.now(), house.pack):",
        "not self._office.running:",
        ("tests/bot/broadcasting/test_lanes.py",),
    ),
    Weakening(
        "a fourth on one day",
        "handlers/choosing.py",
        "had.today >= caps.day",
        "had.today > caps.day",
        (PEOPLE,),
    ),
    Weakening(
        "a sixth in one week",
        "handlers/choosing.py",
        "had.week >= caps.week",
        "had.week > caps.week",
        (PEOPLE,),
    ),
    Weakening(
        "a week of six days",
        "models/received.py",
        "WEEK = 7 ",
        "WEEK = 6 ",
        (PEOPLE,),
    ),
    Weakening(
        "a day of the caps that ends at seven in Vietnam",
        "handlers/choosing.py",
        "    today = local_day(at)\n    old =",
        "    today = at.date()\n    old =",
        (PEOPLE,),
    ),
    Weakening(
        "a fourth in the morning for what waited since the evening",
        "handlers/choosing.py",
        "    if not old:\n",
        "    await received.move_to(conn, [each.copy for each in old], today.isoformat())\n    if caps:\n",
        (PEOPLE,),
    ),
    Weakening(
        "send what is late",
        "models/recipients.py",
        "or_(its.until.is_(None), its.until > at))\n",
        "or_(its.until.is_(None), its.until.is_not(None)))\n",
        (COPIES,),
    ),
    Weakening(
        "count nobody who was too late",
        "handlers/expansion.py",
        '    return "late" if known.plan.until is not None and known.plan.until <= at else ""\n',
        '    return ""\n',
        ("tests/bot/broadcasting/test_control.py",),
    ),
)
