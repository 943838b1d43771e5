"""What is in this process's hands is bounded, whoever fills them."""

from bot.hands import Hands
from models.messages import Address, Outbound
from models.outbox import Letter


def letter(id: int) -> Letter:
    """A message to somebody of their own."""
    return Letter(id, Outbound(Address("wire", f"u{id}"), "Chào anh"))


def test_what_is_offered_does_not_take_the_room_of_what_is_being_claimed() -> None:
    hands = Hands(most=3)
    hands.caught_up()
    with hands.keep_free(2):
        hands.offer(letter(11))
        hands.offer(letter(12))
        assert hands.held == [11]
    for id in (1, 2):
        hands.hold(letter(id))
    assert hands.held == [1, 2, 11]
    assert hands.room == 0
    assert hands.behind
    assert hands.left() == [12]
