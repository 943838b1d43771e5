"""What was said comes back: after a release a draft with the federation's figures waits for officers to send it.

It goes to those who took part and want to be told, whatever they said. The house writes down what was asked and what
came of it; what happens next only people can say, so an editor adds that, and another approves, like any other post.
"""

from conversations.posts import LONGEST, TITLE, Content, read_content
from conversations.questions import Questionnaire
from conversations.text import FIRST
from handlers import phases
from handlers.charted import shown_steps, told, until
from handlers.content import written
from handlers.house import House
from handlers.visit import Visit
from locales.formats import local_day, number
from models import broadcasts, figures, people, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import DRAFT, Plan
from models.database import Connection
from models.figures import Summary
from models.ledger import EVERYONE, Look
from models.messages import Inbound

KIND, TOPIC = "results", "results"
ROOM = LONGEST * 3 // 4  # the rest is for what officers add


async def draft(conn: Connection, house: House, released: tuple[str, str], inbound: Inbound) -> None:
    """Write the draft for a questionnaire's release of a period, once.

    None where nothing was released, or where a draft waits to be sent already.
    """
    questionnaire, series = released[0], ":".join(released)
    form = house.pack.questionnaires[questionnaire]
    if await broadcasts.of_series(conn, KIND, series) or await _waits(conn, questionnaire):
        return
    content = await _content(conn, house, form, inbound)
    if content is None:
        return
    act = Act(inbound.at, broadcasts.HOUSE)
    post = await posts.add(conn, written(content), act)
    audience = Audience(TOPIC, took_part=questionnaire)
    await broadcasts.draft(conn, Plan(post, 1, audience, kind=KIND, series=series), act)


async def sent(conn: Connection, questionnaire: str) -> Content | None:
    """What the federation last said about a questionnaire's results; None while it has said nothing."""
    last = await broadcasts.last_begun(conn, KIND, questionnaire)
    version = await posts.version(conn, last.plan.post_id, last.plan.version) if last else None
    return read_content(version.body) if version else None


def unfinished(house: House, content: Content) -> bool:
    """Tell whether nobody has said yet what happens next."""
    endings = {lang: house.phrases.say(lang, "returning.next") for lang in house.phrases.languages}
    return any(text.rstrip().endswith(endings.get(lang, "\0")) for lang, text in content.text.items())


async def _waits(conn: Connection, questionnaire: str) -> bool:
    drafts = await broadcasts.listed(conn, (DRAFT,), most=100)
    return any(each.plan.audience and each.plan.audience.took_part == questionnaire for each in drafts)


async def _content(conn: Connection, house: House, form: Questionnaire, inbound: Inbound) -> Content | None:
    day = local_day(inbound.at)
    tree = await house.tree(conn, day)
    if not tree.roots:
        return None
    summary = await figures.summary(conn, Look(EVERYONE, day), tree, tree.roots[0].id, form.id)
    if not summary.n or summary.refused:
        return None
    phase = await phases.phase_on(conn, house.pack, day)
    texts = {}
    for lang in house.phrases.languages:
        visit = Visit(conn, house, people.guest(lang, day.isoformat()), inbound)
        texts[lang] = await _text(visit, form, summary)
    whole = {
        "title": {lang: _title(house, form, lang) for lang in texts},
        "text": texts,
        "phase": (phase.phase if phase else house.pack.phases[-1]).id,
        "source": {"issuer": house.pack.issuer.in_(FIRST), "date": day},
        "publish_only": True,
    }
    return Content.model_validate(whole)


def _title(house: House, form: Questionnaire, lang: str) -> str:
    say = house.phrases.voice(lang)
    title = say("returning.title", title=form.title.in_(lang))
    return title if len(title) <= TITLE else say("returning.title.short")


async def _text(visit: Visit, form: Questionnaire, summary: Summary) -> str:
    tree = await visit.tree()
    n = number(summary.n, visit.lang)
    parts = [visit.t("returning.head", title=form.title.in_(visit.lang), n=n, until=until(visit, summary))]
    for place, step in enumerate(shown_steps(form, summary), start=1):
        words, _ = told(visit, tree, tree.roots[0], summary, step)
        parts.append(f"{place}. {step.name(visit.lang)}\n{words}")
        if sum(map(len, parts)) > ROOM:
            parts[-1] = visit.t("returning.more")
            break
    return "\n\n".join((*parts, visit.t("charted.voluntary"), visit.t("returning.next")))
