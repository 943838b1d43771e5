"""Weakenings by which answers would leave a trace."""

from tests.mutants.weakening import Weakening

TRACES: tuple[Weakening, ...] = (
    Weakening(
        "keep the records that were released",
        "models/release.py",
        "        await answers.erase(conn, order.questionnaire, [slip.person_id for slip in page])\n",
        "",
        ("test_g08_no_trace", "test_g09_crash"),
    ),
    Weakening(
        "destroy the key before the commit",
        "models/release.py",
        "        await _close(conn, order, decided)\n",
        "        keys.destroy(order.period)\n        await _close(conn, order, decided)\n",
        ("test_g09_crash",),
    ),
    Weakening(
        "never destroy a key",
        "models/shredding.py",
        "        keys.destroy(name)\n",
        "        pass\n",
        ("test_g08_no_trace", "tests/models/test_release.py"),
    ),
    Weakening(
        "destroy a key and leave its bytes",
        "models/keys.py",
        "                old.write(bytes(os.fstat(old.fileno()).st_size))\n",
        '                old.write(b"")\n',
        ("tests/models/test_keys.py",),
    ),
    Weakening(
        "seal nothing anew",
        "bot/after.py",
        "    await writer.write(lambda conn: answers.rekey(conn, keys, current))\n",
        "",
        ("test_g08_no_trace", "test_g09_crash"),
    ),
    Weakening(
        "skip the checkpoint",
        "models/shredding.py",
        'cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")',
        'cursor = await driver.execute("PRAGMA wal_checkpoint(NOOP)")',
        ("test_g08_no_trace", "tests/models/test_release.py"),
    ),
    Weakening(
        "leave erased rows on the disk",
        "models/database.py",
        '    "secure_delete=ON",\n',
        '    "secure_delete=OFF",\n',
        ("test_g08_no_trace", "tests/models/test_release.py"),
    ),
    Weakening(
        "seal waiting screens under a key that never dies",
        "models/shredding.py",
        "    used = {*await answers.periods(conn), *await resealing.periods(conn)}\n",
        "    used = {*await answers.periods(conn), *await resealing.periods(conn), *keys.names()}\n",
        ("test_g08_no_trace", "tests/models/test_release.py"),
    ),
    Weakening(
        "leave erased rows on the server's disk",
        "models/shredding.py",
        'await outside.execute(text(f"VACUUM {CHANGED}"))',
        'await outside.execute(text("SELECT 1"))',
        ("tests/models/test_shredding.py",),
        everywhere=True,
    ),
    Weakening(
        "seal screens of released people anew",
        "models/resealing.py",
        '    await conn.execute(delete(outbox).where(earlier, _ITS.lane == "live", _ANSWERED))\n',
        "",
        ("tests/models/test_shredding.py", "test_g08_no_trace"),
    ),
    Weakening(
        "count on how many screens somebody has seen",
        "bot/after.py",
        "    await writer.write(lambda conn: revisions.even_out(conn, current))\n",
        "",
        ("test_g08_no_trace", "test_g01_symmetry"),
    ),
    Weakening(
        "records as long as what was said",
        "models/slips.py",
        "record + bytes(size - needed)",
        "record + bytes(min(size - needed, 0))",
        ("test_g02_non_interference", "tests/models/test_answers.py"),
    ),
    Weakening(
        "seal records without binding them to their row",
        "models/slips.py",
        '    return f"pending:{person_id}:{questionnaire}".encode()\n',
        '    return b"pending"\n',
        ("tests/models/test_answers.py",),
    ),
    Weakening(
        "put the keys into the backup",
        "bot/commands_backup.py",
        "        copies.back_up(copies.database_file(settings.database), file)\n",
        "        copies.back_up(copies.database_file(settings.database), file)\n"
        '        with file.open("ab") as copy:\n'
        "            copy.write(settings.key_file.read_bytes())\n",
        ("test_g08_no_trace",),
    ),
    Weakening(
        "put what was answered where everybody's state is",
        "handlers/questionnaire.py",
        "        visit.kept = turn.place\n",
        "        visit.kept = turn.place\n"
        '        visit.change(data={**visit.person.data, "said": turn.place.to_json()})\n',
        ("test_g08_no_trace",),
    ),
    Weakening(
        "log what a fault was about",
        "bot/receive.py",
        '    return f"{type(error).__name__} at ',
        '    return f"{error} at ',
        ("test_g08_no_trace",),
    ),
    Weakening(
        "a moment beside every group",
        "models/released.py",
        '    Column("n", Integer, nullable=False),\n    CheckConstraint("n >= 5", name="n"),\n',
        '    Column("n", Integer, nullable=False),\n'
        '    Column("created_at", String(20)),\n'
        '    CheckConstraint("n >= 5", name="n"),\n',
        ("test_g10_no_clock",),
    ),
    Weakening(
        "a hidden row number beside who took part",
        "models/participation.py",
        "    sqlite_with_rowid=False,  # a hidden row number would keep the order of sending\n",
        "",
        ("test_g10_no_clock",),
    ),
    Weakening(
        "texts in the order of people",
        "models/released.py",
        "    pool = sorted((below(2**63), question, words) for question, words in sorted(texts))\n",
        "    pool = [(number, question, words) for number, (question, words) in enumerate(texts)]\n",
        ("test_g01_symmetry",),
    ),
)
