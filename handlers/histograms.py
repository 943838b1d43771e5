"""How the questions of a questionnaire are counted at its release, all versions of it that were ever run together."""

from collections.abc import Iterable

from conversations.options import DECLINED_KEY, Asked
from conversations.packs import Pack
from conversations.questions import Questionnaire
from conversations.repeats import wording
from models.veil import Histogram


def histograms(forms: Iterable[Questionnaire]) -> dict[str, Histogram]:
    """Give every question that is counted, by id. What one version alone knows or says counts too."""
    found: dict[str, Histogram] = {}
    for form in forms:
        for step in form.steps:
            if isinstance(step, Asked) and step.kind != "words":
                keys = frozenset((*step.keys(), DECLINED_KEY)) if step.keys() else frozenset()
                before = found.get(step.id, Histogram(frozenset(), 0))
                said = before.wordings | {wording(step)}
                found[step.id] = Histogram(before.options | keys, max(before.most, step.most), said)
    return found


def pack_histograms(pack: Pack) -> dict[str, dict[str, Histogram]]:
    """The histograms of every questionnaire of a pack, as they are today."""
    return {form.id: histograms([form]) for form in pack.questionnaires.values()}
