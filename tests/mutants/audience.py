"""Weakenings of whom a broadcast goes to."""

from tests.mutants.weakening import Weakening

AUDIENCES, COPIES = "tests/models/test_audiences.py", "tests/models/test_recipients.py"
PEOPLE, SENT = "tests/bot/broadcasting/test_people.py", "tests/bot/broadcasting/test_sending.py"

AUDIENCE: tuple[Weakening, ...] = (
    Weakening(
        "choose people by how much they answered",
        "models/answers.py",
        "_pending.c.person_id == person_id, _pending.c.questionnaire == questionnaire)\n\n\nasync def find",
        "_pending.c.person_id == person_id, _pending.c.questionnaire == questionnaire,"
        " func.length(_pending.c.sealed) > 0)\n\n\nasync def find",
        (AUDIENCES,),
    ),
    Weakening(
        "let an audience ask what somebody said",
        "models/audiences.py",
        '    drafting: str = ""\n',
        '    drafting: str = ""\n    said: str = ""\n',
        (AUDIENCES,),
    ),
    Weakening(
        "count who began something in one unit",
        "models/audiences.py",
        "        if (self.took_part or self.drafting) and (self.unit or self.kinds or self.language):\n",
        "        if self.took_part and (self.unit or self.kinds or self.language):\n",
        (AUDIENCES,),
    ),
    Weakening(
        "write to subscribers of every topic",
        "models/audiences.py",
        "subscription.c.topic == audience.topic, ",
        "",
        (AUDIENCES,),
    ),
    Weakening(
        "write to those of every language",
        "models/audiences.py",
        "        found = found.where(person.c.language == audience.language)\n",
        "        pass\n",
        (AUDIENCES,),
    ),
    Weakening(
        "write to those below though they were left out",
        "models/catchments.py",
        "stood.subtree(audience.unit) if audience.below else set()",
        "stood.subtree(audience.unit)",
        (SENT,),
    ),
    Weakening(
        "thaw a frozen audience",
        "models/broadcasts.py",
        "        return self.approved_at if self.plan.frozen else None\n",
        "        return None\n",
        (PEOPLE,),
    ),
    Weakening(
        "freeze an open audience",
        "models/broadcasts.py",
        "        return self.approved_at if self.plan.frozen else None\n",
        "        return self.approved_at\n",
        ("tests/models/test_broadcasts.py",),
    ),
    Weakening(
        "write to whoever stopped this topic and kept another",
        "models/recipients.py",
        "subscription.c.person_id == _ITS.person_id, subscription.c.topic == _ITS.topic)",
        "subscription.c.person_id == _ITS.person_id)",
        (COPIES,),
    ),
    Weakening(
        "write to whoever left a chat",
        "models/recipients.py",
        ", address.c.left_on.is_(None))",
        ")",
        (PEOPLE,),
    ),
    Weakening(
        "write again to whoever blocked us",
        "bot/broadcasting/slices.py",
        "            await departures.leave(conn, address, local_day(self.at).isoformat())\n",
        "",
        (SENT,),
    ),
    Weakening(
        "tell those of results who are in no release yet",
        "models/participation.py",
        ", its.questionnaire == questionnaire, its.state != PENDING)\n    return",
        ", its.questionnaire == questionnaire)\n    return",
        ("tests/handlers/test_returning.py",),
    ),
)
