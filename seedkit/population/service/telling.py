"""What stands in a case: title, description and resolution, in the words of who wrote them."""

from __future__ import annotations

from dataclasses import dataclass

from seedkit.population.draw import texts
from seedkit.population.model import Texts
from seedkit.population.service.arrivals import Arrivals
from seedkit.population.service.course import Course
from seedkit.population.service.facts import Facts, Teller, tellers, written_day
from seedkit.population.service.hours import day_of
from seedkit.population.service.office import Office
from seedkit.population.service.phrasing import sentence, wording
from seedkit.population.service.variants import Variant
from seedkit.population.service.words import RESOLVED_STATES, CaseState, Origin

WRITTEN = (Origin.EMAIL, Origin.WEB)  # customers' own words; else an agent's
TITLE_LENGTH = 100
_HALF = 1 << 31
_SUBJECTS = {"thread": "first", "request": "request"}  # facts, by their pools


@dataclass(frozen=True, slots=True)
class Told:
    """Columns of cases: what was written."""

    title: Texts
    description: Texts
    resolution: Texts


def tell_cases(
    office: Office,
    came: Arrivals,
    course: Course,
    variants: list[Variant],
    facts: list[Facts],
) -> Told:
    """Write the cases; subjects of mails and what ended them are added to their facts.

    `solved` is for colleagues, `told` and `told_c` (a sentence of its own) for the customer.
    """
    titles, descriptions, resolutions = [], [], []
    origins = came.origin.tolist()
    opened, promised = day_of(came.opened), day_of(course.resolve_by)
    states, at_once = course.state.tolist(), course.at_once.tolist()
    threads = wording(office.profile.locale).common["thread"]
    for row, teller in enumerate(tellers(office, facts, "cases")):
        pools = variants[row]
        titles.append(sentence(teller.say(pools["title"]))[:TITLE_LENGTH])
        teller.facts["title"] = titles[-1]
        for name, use in _SUBJECTS.items():
            teller.facts[name] = sentence(teller.say(threads[use]))
        descriptions.append(_description(teller, pools, origins[row]))
        solved = pools.get("quick", pools["solved"]) if at_once[row] else pools["solved"]
        teller.facts["solved"] = sentence(teller.say(solved))
        teller.facts["told"] = teller.say(pools["told"])
        teller.facts["promise"] = written_day(promised[row], opened[row], office.profile.locale)
        teller.facts["told_c"] = sentence(teller.facts["told"])
        resolutions.append(_resolution(teller, states[row]))
    return Told(texts(titles), texts(descriptions), texts(resolutions))


def _description(teller: Teller, pools: Variant, origin: int) -> str:
    """Return what the customer wrote, or what the agent took down."""
    common = teller.words.common["pool"]
    written, chat = origin in WRITTEN, origin == Origin.CHAT
    voice = "customer" if written else "agent"
    more = pools[f"{voice}_more"]
    said = [teller.say(pools[voice]), teller.say(more)]
    if not chat and teller.rank() < _HALF:
        said.append(teller.say(common[f"{voice}_further"]))
    body = " ".join(sentence(part) for part in said)
    if not written:
        return f"{body} {teller.say(common['check_chat' if chat else 'check'])}"
    return f"{teller.say(common['greeting'])}\n\n{body}\n\n{teller.say(common['closing'])}"


def _resolution(teller: Teller, state: int) -> str:
    if state in RESOLVED_STATES:
        return teller.facts["solved"]
    if state == CaseState.CANCELLED:
        return teller.say(teller.words.common["case"]["withdrawn"])
    return ""
