"""What a person sees and may choose, before any channel is thought of. Pure data and one reading rule."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose on a screen.

    `action` is ASCII, stable, at most 48 characters: it is what a tap carries and what `act` receives. `aliases` are
    typed forms beside the number and the label, already folded (`locales.vietnamese.fold`). `chosen` is a tick, None
    where ticks make no sense. `style`: "", "primary" or "danger". `full` is the whole text where the label is shorter;
    the screen's text lists it too, behind the choice's number.
    """

    action: str
    label: str
    aliases: tuple[str, ...] = ()
    chosen: bool | None = None
    style: str = ""
    url: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """A text with numbered `choices` (typed by number or label) and `nav` (typed by word), the last row.

    `typed` says that other typed words are welcome (an answer in words, a search). `strict` (consent and opinions)
    lets only a tap, a number or an exact label choose; never an unaccented label or a short form. `shows` names the
    questionnaires whose answers can be read on it. `unclear` is said, in place of our own hint, when typed words chose
    nothing. `takes` is "file" where a file may be sent.
    """

    text: str
    title: str = ""
    choices: tuple[Choice, ...] = ()
    nav: tuple[Choice, ...] = ()
    typed: bool = False
    strict: bool = False
    columns: int = 1
    picture: bytes = b""
    picture_alt: str = ""
    forget: bool = False
    shows: tuple[str, ...] = ()
    unclear: str = ""
    takes: str = ""

    def offers(self, action: str) -> bool:
        """Tell whether this screen offers the action; a tap that it does not offer is never applied."""
        return any(choice.action == action for choice in (*self.choices, *self.nav))


@dataclass(frozen=True, slots=True)
class Said:
    """What a person did on a screen, understood: an `action` that the screen offers, or typed `text` (cleaned)."""

    action: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Typed words that chose nothing. `near` are the choices they may have meant: to be asked, never applied."""

    near: tuple[Choice, ...] = field(default=())
