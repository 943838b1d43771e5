"""Weakenings of what the public is shown, of previews and posters, and of what the log is told."""

from tests.mutants.weakening import Weakening

FEED, BOARD = "tests/bot/channels/test_feed.py", "tests/bot/channels/test_feed_board.py"
POSTERS, RIGHTS = "tests/bot/channels/test_posters.py", "tests/handlers/test_broadcast_rights.py"

PUBLISHED: tuple[Weakening, ...] = (
    Weakening(
        "publish what has not begun",
        "models/published.py",
        "    return _ITS.started_at.is_not(None), ",
        "    return _ITS.id.is_not(None), ",
        (FEED,),
    ),
    Weakening(
        "leave standing what was taken back",
        "models/published.py",
        "_ITS.status != CANCELLED, _ITS.outlets.contains",
        "_ITS.outlets.contains",
        (FEED, BOARD),
    ),
    Weakening(
        "publish on our own web what was for other places",
        "models/published.py",
        ", _ITS.outlets.contains(f'\"{outlet}\"')\n\n\nasync def page",
        "\n\n\nasync def page",
        (FEED,),
    ),
    Weakening(
        "publish the last version and not the approved one",
        "models/published.py",
        "post_version.c.number == _ITS.version)",
        "post_version.c.number >= _ITS.version)",
        (FEED,),
    ),
    Weakening(
        "open any post by its number",
        "models/published.py",
        "_ROW.where(*_standing(outlet), _ITS.id == id)",
        "_ROW.where(_ITS.id == id)",
        (FEED,),
    ),
    Weakening(
        "give every picture to whoever knows its name",
        "models/published.py",
        "    return await media_of(conn, digest) if (await conn.execute(public)).first() else None\n",
        "    return await media_of(conn, digest)\n",
        (FEED,),
    ),
    Weakening(
        "give the picture of what waits for its time",
        "models/published.py",
        'where(_ITS.started_at.is_not(None), _ITS.outlets != "[]")',
        'where(_ITS.outlets != "[]")',
        (FEED,),
    ),
    Weakening(
        "give the picture of what was for people alone",
        "models/published.py",
        'where(_ITS.started_at.is_not(None), _ITS.outlets != "[]")',
        "where(_ITS.started_at.is_not(None))",
        (FEED,),
    ),
    Weakening(
        "show on a panel who approved",
        "models/published.py",
        "_ROW = select(_ITS.id, _ITS.started_at, post_version.c.body, post_version.c.digest)",
        "_NAMED = func.replace(post_version.c.body, 'Tin', 'Tin ' + _ITS.approved_by)\n"
        "_ROW = select(_ITS.id, _ITS.started_at, _NAMED, post_version.c.digest)",
        (BOARD, FEED),
    ),
    Weakening(
        "know who reads the feed",
        "bot/channels/feed.py",
        'GUARD = {"X-Content-Type-Options": "nosniff", ',
        'GUARD = {"Set-Cookie": "reader=1", "X-Content-Type-Options": "nosniff", ',
        (FEED,),
    ),
    Weakening(
        "a poster of a link that has ended",
        "models/joining.py",
        "select(join_link.c.unit_id).where(join_link.c.token == token, _LIVE)",
        "select(join_link.c.unit_id).where(join_link.c.token == token)",
        (POSTERS,),
    ),
    Weakening(
        "a poster of any unit by its id",
        "handlers/slogan_cards.py",
        "    unit_id = await joining.unit_of(conn, token, on)\n",
        "    unit_id = await joining.unit_of(conn, token, on) or token\n",
        (POSTERS,),
    ),
    Weakening(
        "show somebody's sketch to others",
        "models/sketches.py",
        "_ALL.where(_ITS.id == id, _ITS.person_id == person_id)",
        "_ALL.where(_ITS.id == id)",
        ("tests/models/test_audiences.py",),
    ),
    Weakening(
        "preview what one may not edit any more",
        "handlers/broadcast_work.py",
        "    if not await holds(visit, EDITOR):\n        return None\n",
        "",
        (RIGHTS,),
    ),
    # ---- tokens
    Weakening(
        "log tokens that stand in an address",
        "bot/redact.py",
        '        forms = kept | {quote(secret, safe="") for secret in kept}\n',
        "        forms = kept\n",
        ("tests/bot/test_redact.py",),
    ),
    Weakening(
        "log tokens that a platform repeats",
        "bot/logs.py",
        "        return self._redact.text(json.dumps(line, ensure_ascii=False))\n",
        "        return json.dumps(line, ensure_ascii=False)\n",
        ("tests/bot/test_redact.py",),
    ),
    Weakening(
        "leave a token out of what is kept from the log",
        "bot/settings.py",
        "        kept = [value.get_secret_value() for value in vars(self).values() if isinstance(value, SecretStr)]\n",
        "        kept = [self.telegram_token.get_secret_value()]\n",
        ("tests/bot/test_redact.py",),
    ),
)
