"""What people are asked to agree to: the catalogue's words with the pack's own facts put in. Knows no person."""

from conversations.options import Asked
from conversations.packs import Pack
from conversations.questions import Shown, WordsQuestion
from locales.phrases import Phrases, Say
from models import consents
from models.consents import COUNTS, WORDS, ConsentText
from models.planner import LEAST_TEXTS


def title(pack: Pack, lang: str, say: Say) -> str:
    """Who asks."""
    return say("consent.title", issuer=pack.issuer.in_(lang))


def body(pack: Pack, lang: str, say: Say) -> str:
    """Why, what is kept, who sees what and until when, and how to leave."""
    facts = (_figures(pack, lang, say), say("consent.words", n=LEAST_TEXTS) if _asks_words(pack) else "")
    return say(
        "consent.text",
        issuer=pack.issuer.in_(lang),
        campaign=pack.short_title.in_(lang),
        k=pack.k,
        day=pack.period_close_day,
        facts="\n".join(fact for fact in facts if fact),
    )


def _figures(pack: Pack, lang: str, say: Say) -> str:
    """What is published is a little off, or which questions are not: nothing hides there that a whole group agrees."""
    return exceptions(pack, lang, say) or say("consent.noise")


def exceptions(pack: Pack, lang: str, say: Say) -> str:
    """Which questions are published exactly, as one point of a list; "" where none is."""
    exact = [step.name(lang) for step in _steps(pack) if isinstance(step, Asked) and step.exact]
    return say("consent.exact", questions="; ".join(exact)) if exact else ""


def _asks_words(pack: Pack) -> bool:
    return any(isinstance(step, WordsQuestion) for step in _steps(pack))


def _steps(pack: Pack) -> list[Shown]:
    return [step for form in pack.questionnaires.values() for step in form.steps]


def current(pack: Pack, phrases: Phrases) -> ConsentText:
    """The text as it is now, in every language, with what it allows: words may be used where it speaks of them."""
    texts = []
    for lang in phrases.languages:
        say = phrases.voice(lang)
        texts.append(f"{title(pack, lang, say)}\n\n{body(pack, lang, say)}")
    return consents.written("\n\n".join(texts), (COUNTS, WORDS) if _asks_words(pack) else (COUNTS,))
