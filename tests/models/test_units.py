"""The tree of a day: order, labels, and finding a unit by what people type."""

import string
from datetime import date
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from locales.vietnamese import fold
from models.unit_plan import Published, plan
from models.unit_rows import read_rows
from models.units import Tree, Unit
from tests.models.histories import publish
from tests.models.test_unit_histories import tree_on

PACK = Path(__file__).parents[2] / "conversations" / "campaigns" / "kh136" / "units.csv"
SON_LA = publish(Published({}, {}), plan(Published({}, {}), read_rows(PACK).rows))
IN_2020, IN_2025 = tree_on(SON_LA, date(2020, 1, 6)), tree_on(SON_LA, date(2025, 8, 1))

TREE = Tree(
    [
        Unit("r", "ldld_tinh", "14", "Liên đoàn Lao động tỉnh Sơn La", "LĐLĐ tỉnh", None),
        Unit("m", "ldld_huyen", "125", "Liên đoàn Lao động huyện Mai Sơn", "Mai Sơn", "r"),
        Unit("c", "ldld_huyen", "123", "Liên đoàn Lao động huyện Mộc Châu", "", "r"),
        Unit("t", "cdcs", "T", "Thuận Châu", "", "r"),
        Unit("tt", "cdcs", "TT", "Thị trấn Hát Lót", "", "m"),
        Unit("d", "cdcs", "D", "Đứa Mòn", "", "r"),
        Unit("m1", "cdcs", "04150", "Công đoàn cơ sở xã Chiềng Chung", "", "m"),
        Unit("c1", "cdcs", "04020", "CĐCS xã Chiềng Chung", "", "c"),
        Unit("c2", "cdcs", "04021", "CĐCS xã Chiềng Chung", "", "c"),
        Unit("h1", "cdcs", "H1", "CĐCS xã Liên Hoà", "", "c"),
        Unit("h2", "cdcs", "H2", "CĐCS xã Liên Hòa", "", "m"),
        Unit("n1", "cdcs", "N1", "Chiềng Chăn", "", "m"),
        Unit("n2", "cdcs", "N2", "Chiềng Chân", "", "m"),
        Unit("o", "cdcs", "O", "Không cha", "", "nobody"),
    ]
)


def names(text: str, tree: Tree = TREE) -> list[str]:
    """What a search finds."""
    return [unit.name for unit in tree.search(text)]


def test_children_stand_in_vietnamese_order() -> None:
    assert [unit.id for unit in TREE.children("r")] == ["d", "m", "c", "t"]
    assert [unit.id for unit in TREE.roots] == ["o", "r"]  # whose parent is not alive stands at the top
    assert TREE.children("nobody") == TREE.children("m1") == ()


def test_a_unit_that_is_not_alive_has_no_place() -> None:
    assert TREE.get("nobody") is None
    assert TREE.path("nobody") == ()
    assert TREE.subtree("nobody") == set()
    assert "nobody" not in TREE
    assert TREE.coded("04150") == TREE.get("m1")


def test_homonyms_are_told_apart_by_parent_then_code() -> None:
    assert TREE.label("m1") == "Công đoàn cơ sở xã Chiềng Chung"
    assert TREE.label("c1") == "CĐCS xã Chiềng Chung (Liên đoàn Lao động huyện Mộc Châu, 04020)"
    assert TREE.label("h1") == "CĐCS xã Liên Hoà (Liên đoàn Lao động huyện Mộc Châu)"
    assert TREE.label("h2") == "CĐCS xã Liên Hòa (Mai Sơn)"
    labels = [TREE.label(unit.id) for unit in TREE.units]
    assert len(set(labels)) == len(labels) == len(TREE)


def test_search_puts_the_best_first() -> None:
    assert names("Mai Sơn")[0] == "Liên đoàn Lao động huyện Mai Sơn"
    assert names("mai son") == names("MAI SƠN")
    assert [unit.id for unit in TREE.search("cdcs chieng chung")][:3] == ["c1", "c2", "m1"]
    assert TREE.search("Công đoàn cơ sở xã Chiềng Chung")[0].id == "m1"
    assert [unit.id for unit in TREE.search("cđcs xã liên hòa")] == ["h1", "h2"]
    assert [unit.id for unit in TREE.search("chiềng chăn")] == ["n1", "n2"]
    assert [unit.id for unit in TREE.search("chiềng chân")] == ["n2", "n1"]
    assert [unit.id for unit in TREE.search("04150")] == ["m1"]


def test_search_takes_words_in_any_order_and_beginnings() -> None:
    assert names("lot hat") == names("tran hat lo") == names("tt hát lót") == ["Thị trấn Hát Lót"]
    assert names("ldld huyện mộc châu")[0] == "Liên đoàn Lao động huyện Mộc Châu"


def test_search_forgives_slips_and_missing_spaces() -> None:
    assert names("haatlot")[0] == names("htá lót")[0] == "Thị trấn Hát Lót"
    assert names("dua mon")[0] == names("duamon")[0] == "Đứa Mòn"
    assert names("04151") == []  # a slip in a number is another unit's number


def test_search_of_nothing_finds_nothing() -> None:
    assert names("") == names(" …? ") == names("x" * 5000) == []
    assert Tree([]).search("mai son") == []
    assert len(IN_2025.search("xã", 5)) == 5


def test_every_unit_of_the_pack_is_found_by_its_name_without_accents() -> None:
    for tree in (IN_2020, IN_2025):
        for unit in tree.units:
            assert unit in tree.search(fold(unit.name))[:3]
            assert unit in tree.search(unit.short_name)[:3]


@given(st.data())
def test_one_slip_still_finds_the_unit(data: st.DataObject) -> None:
    tree = data.draw(st.sampled_from((IN_2020, IN_2025)))
    unit = data.draw(st.sampled_from(tree.units))
    name = fold(data.draw(st.sampled_from((unit.name, unit.short_name))))
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    slips = (
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
        name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
    )
    typed = data.draw(st.sampled_from(slips))
    assume(len(typed.replace(" ", "")) >= 6)
    assert unit in tree.search(typed)


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_search(text: str) -> None:
    assert len(IN_2020.search(text, 3)) <= 3
