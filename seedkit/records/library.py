"""The service library: subjects, queues, articles, agent scripts, connection roles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedkit.population.service.words import ArticleState
from seedkit.records import choices
from seedkit.records.batch import Lookup, RecordBatch, States
from seedkit.records.markup import html_of
from seedkit.records.service_tables import LANGUAGE_TABLE
from seedkit.records.sheet import Sheet, run_slug
from seedkit.records.values import flags, names, noons, numbers, texts
from seedkit.records.view import BankView

_PUBLIC_QUEUE = 0
_BUSINESS_ROLE = 1
_TEXT_STEP = 192350000
# Locale ids of the operating system, by which the platform knows languages.
LOCALE_IDS = {"en_US": 1033, "en_GB": 2057, "de_DE": 1031}


def subject(view: BankView) -> RecordBatch:
    """Return the subject tree, each subject behind the one above it."""
    subjects, sheet = view.bank.library.subjects, view.sheets["subject"]
    return sheet.batch(
        {"title": texts(subjects.title), "description": texts(subjects.about)},
        [sheet.point("parentsubject", subjects.parent)],
    )


def queue(view: BankView) -> RecordBatch:
    """Return the queues of the desks; mail is neither fetched for them nor sent from them."""
    queues, sheet = view.bank.library.queues, view.sheets["queue"]
    return sheet.batch(
        {
            "name": names(queues.name.tolist(), 200),
            "description": texts(queues.about),
            "queueviewtype": sheet.same(_PUBLIC_QUEUE),
        }
    )


def knowledgearticle(view: BankView) -> RecordBatch:
    """Return the articles: versions, for which the platform makes root rows by itself."""
    articles, sheet = view.bank.library.articles, view.sheets["knowledgearticle"]
    states = choices.ARTICLE_STATE.of(articles.state)
    statuses = choices.ARTICLE_STATUS.of(articles.state)
    drafts = np.isin(articles.state, (ArticleState.DRAFT, ArticleState.IN_REVIEW))
    batch = sheet.batch(
        {
            "title": texts(articles.title),
            "description": texts(articles.summary),
            "keywords": texts(articles.keywords),
            "content": html_of(articles.text.tolist()),
            "isinternal": flags(articles.internal),
            "majorversionnumber": numbers(articles.major),
            "minorversionnumber": numbers(articles.minor),
            "publishon": noons(articles.published),
            "expirationdate": noons(articles.expires),
            "statuscode": statuses.where(drafts),
            "overriddencreatedon": view.backdated(articles.written),
        },
        [
            view.sheets["subject"].point("subjectid", articles.subject),
            _language(view),
        ],
    )
    return replace(batch, states=States(states.where(~drafts), statuses.where(~drafts)))


def _language(view: BankView) -> Lookup:
    """Return the articles' language; without one in the environment its own is taken there."""
    number = LOCALE_IDS.get(view.bank.library.language)
    found = view.context.bindings.languages.get(str(number))
    return Lookup("languagelocaleid", LANGUAGE_TABLE, [found] * len(view.bank.library.articles.key))


def msdyn_productivityagentscript(view: BankView) -> RecordBatch:
    """Return the agent scripts, under names that no other run has."""
    scripts, sheet = view.bank.library.scripts, view.sheets["msdyn_productivityagentscript"]
    return sheet.batch(
        {
            "msdyn_name": names(scripts.name.tolist()),
            "msdyn_description": texts(scripts.about),
            "msdyn_uniquename": unique_names(sheet, scripts.key.tolist()),
            "msdyn_language": sheet.same(LOCALE_IDS.get(view.bank.library.language)),
        }
    )


def msdyn_productivityagentscriptstep(view: BankView) -> RecordBatch:
    """Return the steps of scripts, all of them texts."""
    library, sheet = view.bank.library, view.sheets["msdyn_productivityagentscriptstep"]
    steps = library.script_steps
    scripts, orders = library.scripts.key[steps.script].tolist(), numbers(steps.order)
    keys = [f"{key}-{order:02}" for key, order in zip(scripts, orders, strict=True)]
    return sheet.batch(
        {
            "msdyn_name": names(steps.name.tolist()),
            "msdyn_order": orders,
            "msdyn_actiontype": sheet.same(_TEXT_STEP),
            "msdyn_textinstruction": texts(steps.text),
            "msdyn_uniquename": unique_names(sheet, keys),
        },
        [view.sheets["msdyn_productivityagentscript"].point("msdyn_agentscriptid", steps.script)],
    )


def connectionrole(view: BankView) -> RecordBatch:
    """Return the roles of connections."""
    roles, sheet = view.bank.library.roles, view.sheets["connectionrole"]
    return sheet.batch(
        {
            "name": names(roles.name.tolist()),
            "description": texts(roles.about),
            "category": sheet.same(_BUSINESS_ROLE),
        }
    )


def unique_names(sheet: Sheet, keys: list[str]) -> list[str]:
    """Return names that begin with a prefix as publishers have, and that only this run gives."""
    run = run_slug(sheet.context.run_id).replace("-", "_")
    return [f"sk_{run}_{key.replace('-', '_')}" for key in keys]
