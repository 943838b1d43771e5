"""Faults that somebody with the database could plant, and the guarantee that each of them breaks."""

from dataclasses import dataclass

FORM = "doi-song"  # whose figures were looked at
OTHER = "du-thao"  # whose were not
ONE_GROUP = f"(SELECT min(id) FROM release_group WHERE questionnaire = '{OTHER}')"
ONE_SET = "(SELECT min(set_id) FROM ledger_set)"
ONE_PENDING = "(SELECT min(person_id) FROM pending)"
OLD = "'2008-01-01 00:00:00+00:00'"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the database (a statement, or one for each dialect), and the guarantees that are broken then."""

    broken: frozenset[int]
    sql: tuple[str, ...]
    only: str = ""


def fault(number: int, *sql: str, only: str = "") -> Fault:
    """A fault that breaks one guarantee and no other."""
    return Fault(frozenset({number}), sql, only)


def counts(of: str) -> str:
    """Copy the counts of one group to another."""
    return (
        f"INSERT INTO released_count (group_id, question, option, n)"
        f" SELECT '{of}', question, option, n FROM released_count WHERE group_id = {ONE_GROUP}"
    )


def group(id: str, place: str) -> str:
    """Add a group."""
    return f"INSERT INTO release_group (id, questionnaire, unit_id, period, n) VALUES ('{id}', '{OTHER}', {place}, 12)"


SUM = (
    "(SELECT sum(o.n) FROM released_count o WHERE o.group_id = released_count.group_id"
    " AND o.question = released_count.question AND o.option <> '@answered')"
)
EXACT = f"UPDATE released_count SET n = {SUM} WHERE option = '@answered' AND group_id IN (SELECT id FROM release_group"
ZEROS = {"sqlite": "zeroblob(924)", "postgresql": "decode(repeat('00', 924), 'hex')"}

FAULTS = {
    "a table that keeps more": fault(1, "CREATE TABLE shadow (person_id BIGINT, said TEXT)"),
    "a view": fault(1, "CREATE VIEW who AS SELECT person_id FROM participation"),
    "a trigger": fault(
        1, "CREATE TRIGGER t AFTER INSERT ON pending BEGIN UPDATE person SET revision = 1; END", only="sqlite"
    ),
    "a rule": fault(1, "CREATE RULE r AS ON INSERT TO pending DO ALSO DELETE FROM seen", only="postgresql"),
    "a group named after something else": fault(1, group("f" * 32, "'nowhere', '2020-01'"), counts("f" * 32)),
    "words numbered as they came": fault(1, "UPDATE released_text SET id = id % 1000003"),
    "who waits, noted before a close": fault(2, "INSERT INTO release_waiting VALUES ('moi', 'x', '1-9')"),
    "a small group": fault(3, f"UPDATE release_group SET n = 9 WHERE id = {ONE_GROUP}"),
    "released beside any group": fault(3, "UPDATE participation SET state = 'released' WHERE state = 'pending'"),
    "two groups of one place": Fault(
        frozenset({1, 3}),
        (
            "DROP INDEX uq_release_group_place",
            group("e" * 32, f"(SELECT unit_id FROM release_group WHERE id = {ONE_GROUP}), '2020-01'"),
            counts("e" * 32),
        ),
    ),
    "a figure of somebody beside its groups": fault(4, f"INSERT INTO ledger_set VALUES ({ONE_SET}, 'nobody')"),
    "a figure of no group": fault(4, f"DELETE FROM ledger_set WHERE set_id = {ONE_SET}"),
    "figures of a group that was made small": Fault(
        frozenset({3, 4, 7}), (f"UPDATE release_group SET n = 6 WHERE questionnaire = '{FORM}'",)
    ),
    "a question without noise": fault(
        5, f"UPDATE released_question SET scale = '0' WHERE questionnaire = '{OTHER}' AND question = 'dang-bo-tinh'"
    ),
    "counts of whose noise nothing is known": fault(
        5, f"DELETE FROM released_question WHERE questionnaire = '{OTHER}' AND question = 'dang-bo-tinh'"
    ),
    "a figure that is no sum": fault(7, "UPDATE ledger_figure SET value = value + 1 WHERE option = '@answered'"),
    "a number of people that is no sum": fault(
        7, f"UPDATE ledger_figure SET value = value - 1 WHERE set_id = {ONE_SET} AND option = '@n'"
    ),
    "a figure that nobody looked at": fault(7, f"DELETE FROM ledger_look WHERE set_id = {ONE_SET}"),
    "a record of a length of its own": fault(
        8, f"UPDATE pending SET sealed = CAST('an open secret' AS BLOB) WHERE person_id = {ONE_PENDING}", only="sqlite"
    ),
    "a record that is not sealed": fault(8, f"UPDATE pending SET sealed = ZEROS WHERE person_id = {ONE_PENDING}"),
    "a record under a key that is gone": fault(
        8, f"UPDATE pending SET period = '2020-01' WHERE person_id = {ONE_PENDING}"
    ),
    "a message under a key that is gone": fault(
        8,
        'INSERT INTO outbox (channel, "user", lane, period, sealed, due)'
        " VALUES ('web', 'x', 'live', '2020-01', ZEROS, '2020-01-09 00:00:00+00:00')",
    ),
    "groups of a release that was never finished": fault(
        9,
        f"DELETE FROM release_waiting WHERE questionnaire = '{OTHER}'",
        f"DELETE FROM release WHERE questionnaire = '{OTHER}'",
    ),
    "a group without its counts": fault(9, f"DELETE FROM released_count WHERE group_id = {ONE_GROUP}"),
    "a time of sending": fault(10, "ALTER TABLE participation ADD COLUMN sent_at TIMESTAMP"),
    "a column about people": fault(10, "ALTER TABLE person ADD COLUMN mood TEXT"),
    "a hidden row number": fault(
        10,
        "DROP TABLE release_waiting",
        "CREATE TABLE release_waiting (questionnaire VARCHAR(80), unit_id VARCHAR(16), bucket VARCHAR(4))",
        only="sqlite",
    ),
    "rules that are gone": fault(11, f"DELETE FROM frozen_rule WHERE questionnaire = '{OTHER}'"),
    "rules that were stricter": fault(11, f"UPDATE frozen_rule SET hold = 9 WHERE questionnaire = '{OTHER}'"),
    "a release before its time": fault(12, f"INSERT INTO release VALUES ('{OTHER}', '2031-01', false, '0')"),
    "too little noise": fault(
        14, f"UPDATE released_question SET scale = '1/2' WHERE questionnaire = '{OTHER}' AND question = 'dang-bo-tinh'"
    ),
    "exact counts under a noise that is only said": fault(14, f"{EXACT} WHERE questionnaire = '{OTHER}')"),
    "counts that are nearly exact": fault(
        14,
        f"{EXACT} WHERE questionnaire = '{FORM}')".replace(SUM, f"1 + {SUM}"),
        "DELETE FROM ledger_set",
        "DELETE FROM ledger_figure",
    ),
    "a question asked again": fault(
        15,
        f"INSERT INTO released_wording SELECT min(wording), '{OTHER}' FROM released_wording"
        f" WHERE questionnaire = '{FORM}'",
    ),
    "few words opened": fault(
        16, "UPDATE released_text SET open = false WHERE id <> (SELECT min(id) FROM released_text)"
    ),
    "a telephone in the words": fault(
        16,
        "UPDATE released_text SET text = 'Gọi cho tôi theo số 0912 345 678'"
        " WHERE id = (SELECT min(id) FROM released_text)",
    ),
    "words that nobody will open": fault(
        16, "UPDATE released_text SET open = false", "UPDATE release SET final = true"
    ),
    "answers of somebody who never agreed": fault(
        17, f"UPDATE person SET consent_version = NULL, met_on = '2020-01-09' WHERE id = {ONE_PENDING}"
    ),
    "what an erased person left": fault(17, f"DELETE FROM person WHERE id = {ONE_PENDING}"),
    "that an erased person took part": fault(
        17, "DELETE FROM person WHERE id = (SELECT min(person_id) FROM participation WHERE state = 'released')"
    ),
    "a guest who stays": fault(
        18,
        "INSERT INTO person (id, language, talk_name, talk_data, revision, met_on)"
        " VALUES (7, 'vi', 'consent', '{}', 0, '2018-01-01')",
    ),
    "somebody who left": fault(
        18,
        f"INSERT INTO address (channel, \"user\", person_id, left_on) VALUES ('web', 'x', {ONE_PENDING}, '2018-01-01')",
    ),
    "an old draft": fault(
        18,
        f"UPDATE pending SET touched = '2018-01' WHERE person_id = {ONE_PENDING}",
        f"DELETE FROM participation WHERE person_id = {ONE_PENDING}",
    ),
    "old ids of messages": fault(18, f"INSERT INTO seen (channel, id, at) VALUES ('web', 'x', {OLD})"),
    "old acts of officers": fault(
        18,
        f"INSERT INTO audit (id, at, actor, act, detail) VALUES (99999, {OLD}, 'shell', 'x', '')".replace(
            "2018", "2008"
        ),
    ),
}
