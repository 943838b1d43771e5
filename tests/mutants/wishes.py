"""Weakenings of what people decide for themselves, of reminders and of results."""

from tests.mutants.weakening import Weakening

WISHES, BACK = "tests/handlers/test_settings.py", "tests/handlers/test_returning.py"
LANES, RIGHTS = "tests/bot/broadcasting/test_lanes.py", "tests/handlers/test_broadcast_rights.py"

OWN_WISHES: tuple[Weakening, ...] = (
    # ---- one's own will
    Weakening(
        "a message without a way to stop it",
        "handlers/posting.py",
        '[] if plain else [Button(say("posting.stop"), f"{OFF}{setting.topic}")]',
        "list[Button]()",
        (LANES,),
    ),
    Weakening(
        "no word of how to stop it where there are no buttons",
        "handlers/posting.py",
        '    hints += [say("posting.stop-in-words")] if plain else []\n',
        "",
        ("tests/handlers/test_posting.py",),
    ),
    Weakening(
        "a tap under a post that stops nothing",
        "handlers/posted.py",
        "        await settings.end(visit, tap.removeprefix(OFF))\n",
        "        pass\n",
        (WISHES,),
    ),
    Weakening(
        "a stop that goes on sending",
        "handlers/stop.py",
        "        await settings.refuse_all(visit)\n",
        "",
        (WISHES,),
    ),
    Weakening(
        "a word that stops the questionnaire alone",
        "handlers/desk.py",
        "            await settings.end_all(visit)\n",
        "            pass\n",
        (WISHES,),
    ),
    Weakening(
        "a stop that leaves the slogans",
        "models/subscriptions.py",
        "_ITS.person_id == person_id, _ITS.topic != ASKED)",
        '_ITS.person_id == person_id, _ITS.topic.not_in((ASKED, "slogans")))',
        ("tests/models/test_subscriptions.py",),
    ),
    # ---- reminders and results
    Weakening(
        "remind again after every start",
        "handlers/reminding.py",
        "    if await broadcasts.of_series(conn, KIND, form.id):\n        return\n",
        "",
        (BACK,),
    ),
    Weakening(
        "remind those who asked for news",
        "handlers/reminding.py",
        'KIND, TOPIC = "reminder", "reminders"',
        'KIND, TOPIC = "reminder", "news"',
        (BACK,),
    ),
    Weakening(
        "remind those who have sent it",
        "models/audiences.py",
        ", ~participation.took_part(person.c.id, form))",
        ")",
        (BACK,),
    ),
    Weakening(
        "list how many were reminded",
        "models/broadcasts.py",
        ', broadcast.c.kind != "reminder")\n    rows',
        ")\n    rows",
        (BACK,),
    ),
    Weakening(
        "open how many were reminded by its number",
        "handlers/broadcast_work.py",
        '    allowed = known and known.plan.kind != "reminder" and await',
        "    allowed = known and await",
        (RIGHTS,),
    ),
    Weakening(
        "hand results in that say nothing of what comes next",
        "handlers/returning.py",
        '    return any(text.rstrip().endswith(endings.get(lang, "\\0")) for lang, text in content.text.items())\n',
        "    return not endings\n",
        (BACK,),
    ),
)
