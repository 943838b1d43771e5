"""A message as an article: what is cut, what is never lost, and what the approver sees before."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.parts import utf16
from bot.channels.zalo_oa_posts import article, preview
from models.messages import Address, Button, Outbound

TO = Address("", "")
URL = "https://langnghe.example.vn/join/q-du-thao"
COVER = "https://langnghe.example.vn/cover/0"


def test_a_message_becomes_an_article() -> None:
    post = Outbound(TO, "Một.\n\nHai.", "Tin của Công đoàn", ((Button("Góp ý", "", url=URL),),), banner="Tập dượt")
    made = article(post, "Liên đoàn", COVER)
    assert (made.title, made.author, made.description) == ("Tin của Công đoàn", "Liên đoàn", "Tập dượt Một.")
    assert made.paragraphs == ("Tập dượt", "Một.", "Hai.", f"Góp ý: {URL}")
    assert preview(post) == [
        "[PNG]\nTin của Công đoàn\nTập dượt Một.",
        f"Tin của Công đoàn\n\nTập dượt\n\nMột.\n\nHai.\n\nGóp ý: {URL}",
    ]


@given(st.text(max_size=400), st.text(max_size=200), st.text(min_size=1, max_size=80).filter(str.strip))
def test_no_words_make_an_article_that_zalo_refuses(text: str, title: str, author: str) -> None:
    made = article(Outbound(TO, text, title), author, COVER)
    assert utf16(made.title) <= 150
    assert utf16(made.description) <= 300
    assert "".join("".join(made.paragraphs).split()) in ("".join(text.split()), "".join(made.title.split()))
