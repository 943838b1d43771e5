"""Weakenings of the two people behind every broadcast: who approves, what an approval holds for, what is noted."""

from tests.mutants.weakening import Weakening

STEPS, HANDS = "tests/models/test_broadcasts.py", "tests/models/test_approval.py"
RIGHTS = "tests/handlers/test_broadcast_rights.py"

TWO_PEOPLE: tuple[Weakening, ...] = (
    Weakening(
        "let whoever began a broadcast approve it",
        "models/broadcasts.py",
        "    return actor in {known.created_by, known.submitted_by, ",
        "    return actor in {known.submitted_by, ",
        (HANDS,),
    ),
    Weakening(
        "let whoever handed a broadcast in approve it",
        "models/broadcasts.py",
        "    return actor in {known.created_by, known.submitted_by, ",
        "    return actor in {known.created_by, ",
        (HANDS,),
    ),
    Weakening(
        "let whoever wrote an earlier version approve the last",
        "models/posts.py",
        "select(post_version.c.by).where(post_version.c.post_id == post_id)",
        "select(post_version.c.by).where(post_version.c.post_id == post_id).order_by(-post_version.c.number).limit(1)",
        (HANDS,),
    ),
    Weakening(
        "let a linked account approve what the other began",
        "models/merging.py",
        "    await broadcasts.pass_on(conn, str(old), str(new))\n",
        "",
        ("tests/models/test_merging.py",),
    ),
    Weakening(
        "let a linked account approve what the other wrote",
        "models/merging.py",
        "    await posts.pass_on(conn, str(old), str(new))\n",
        "",
        ("tests/models/test_merging.py",),
    ),
    Weakening(
        "approve what was changed while it was looked at",
        "models/broadcasts.py",
        "    if await seal(conn, known) != seen:\n",
        "    if not seen:\n",
        (STEPS,),
    ),
    Weakening(
        "keep an approval through an edit",
        "models/broadcasts.py",
        "    await _set(conn, id, **_columns(plan), **void)\n",
        "    await _set(conn, id, **_columns(plan))\n",
        (STEPS,),
    ),
    Weakening(
        "edit what is being sent",
        "models/broadcasts.py",
        "EDITABLE = (DRAFT, SUBMITTED, SCHEDULED)\n",
        "EDITABLE = (DRAFT, SUBMITTED, SCHEDULED, RUNNING)\n",
        (STEPS,),
    ),
    Weakening(
        "begin without a look at the seal",
        "models/broadcasts.py",
        "    if not await intact(conn, known):\n",
        "    if known.seal is None:\n",
        (STEPS,),
    ),
    Weakening(
        "look for people without a look at the seal",
        "handlers/expansion.py",
        "        if not over and not await broadcasts.intact(conn, known):\n",
        "        if not over and known.seal is None:\n",
        ("tests/bot/broadcasting/test_control.py",),
    ),
    Weakening(
        "lay out messages without a look at the seal",
        "bot/broadcasting/layouts.py",
        " or not await broadcasts.intact(conn, known):\n",
        ":\n",
        ("tests/bot/broadcasting/test_control.py",),
    ),
    Weakening(
        "post to public places without a look at the seal",
        "bot/outlets/settling.py",
        "    if not await broadcasts.intact(conn, known):\n",
        "    if known.seal is None:\n",
        ("tests/bot/test_outlets.py",),
    ),
    Weakening(
        "a seal without the words",
        "models/broadcasts.py",
        '"digest": digest}\n',
        '"digest": ""}\n',
        (STEPS,),
    ),
    Weakening(
        "a seal without the audience",
        "models/broadcasts.py",
        '"audience": self.audience and self.audience.canonical(), "digest"',
        '"audience": bool(self.audience), "digest"',
        (STEPS,),
    ),
    Weakening(
        "a seal without the places",
        "models/broadcasts.py",
        "        told = {**asdict(self), ",
        '        told = {**asdict(self), "outlets": (), ',
        (STEPS,),
    ),
    Weakening(
        "a seal without the time",
        "models/broadcasts.py",
        "            told[name] = told[name] and told[name].timestamp()\n",
        "            told[name] = bool(told[name])\n",
        (HANDS,),
    ),
    Weakening(
        "send a reminder of anybody's without an approval",
        "models/broadcasts.py",
        '    if known.plan.kind != "reminder" or known.created_by != HOUSE:\n',
        "    if known.created_by != HOUSE:\n",
        ("tests/handlers/test_returning.py",),
    ),
    Weakening(
        "take one role for another at the top",
        "handlers/scope.py",
        " if grant.role in roles}\n    return bool(held)",
        "}\n    return bool(held)",
        (RIGHTS,),
    ),
    Weakening(
        "take one role for another below the top",
        "handlers/scope.py",
        " if grant.role in roles}\n    if not held",
        "}\n    if not held",
        (RIGHTS,),
    ),
    Weakening(
        "let an approver of one unit decide about another's",
        "handlers/broadcast_work.py",
        "    return scope.within(tree, await scope.tops(visit, tree, roles), plan.audience.unit)\n",
        "    return bool(await scope.tops(visit, tree, roles))\n",
        (RIGHTS,),
    ),
    Weakening(
        "let an approver of a district decide about public places",
        "handlers/broadcast_work.py",
        "    if plan.outlets or plan.audience is None or not plan.audience.unit:\n",
        "    if plan.audience is None or not plan.audience.unit:\n",
        (RIGHTS,),
    ),
    Weakening(
        "let an approver whose role has ended approve",
        "models/officers.py",
        "        .where(role_grant.c.person_id == person_id, role_grant.c.ended_at.is_(None))\n        .order_by",
        "        .where(role_grant.c.person_id == person_id)\n        .order_by",
        (RIGHTS,),
    ),
    *(
        Weakening(
            f"note nowhere who did this: {act}",
            "models/broadcasts.py",
            f'    await _note(conn, {by}, "{act}", id{more})\n',
            "",
            (HANDS,),
        )
        for act, by, more in (
            ("approve broadcast", "act", ""),
            ("send broadcast back", "act", ""),
            ("resume broadcast", "act", ""),
            ("cancel broadcast", "act", ", reason"),
        )
    ),
    Weakening(
        "write into the audit what an approver wrote to a writer",
        "models/broadcasts.py",
        '    await _note(conn, act, "send broadcast back", id)\n',
        '    await _note(conn, act, "send broadcast back", id, reason)\n',
        (HANDS,),
    ),
)
