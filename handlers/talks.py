"""All talks of the house, in the order of the help."""

from handlers import (
    broadcast,
    consent,
    dates,
    forget,
    help,
    language,
    link,
    mydata,
    pick,
    privacy,
    questionnaire,
    receipt,
    results,
    settings,
    slogans,
    start,
    stop,
    summary,
    topic_coverage,
    topics,
    unit,
)
from handlers.commands import Registry
from locales.phrases import Phrases

TALKS = (
    start.TALK,
    help.TALK,
    results.TALK,
    slogans.TALK,
    topics.TALK,
    mydata.TALK,
    settings.TALK,
    forget.TALK,
    link.TALK,
    language.TALK,
    privacy.TALK,
    summary.TALK,
    broadcast.TALK,
    stop.TALK,
    consent.TALK,
    unit.TALK,
    pick.TALK,
    questionnaire.TALK,
    receipt.TALK,
    dates.TALK,
    topic_coverage.TALK,
)


def registry(phrases: Phrases) -> Registry:
    """The registry, with the words of every language."""
    return Registry(TALKS, phrases)
