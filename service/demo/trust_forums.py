"""The bodies of one trust: board and committees, joint committees, networks, union groups (founding document S0).

Every trust has the same kinds of body under its own local names. Which further networks, which second union and
whether there is a local negotiating committee differ, as they do in life.
"""

from typing import Final

from service.demo.organisations import TRUSTS
from service.demo.shapes import Forum
from service.demo.terms import GROUP, NETWORK_A, NETWORK_B, PURPOSES, committee_terms
from service.rules.bodies import ForumKind

JNC_NAMES: Final = (
    "Joint Negotiating Committee",
    "Joint Consultative and Negotiating Committee",
    "Trust Partnership Forum",
    "Joint Staff Committee",
)
NETWORKS: Final = {
    "race": "Race Equality Network",
    "lgbt": "LGBT+ Staff Network",
    "disability": "Disability and Long-term Conditions Network",
    "women": "Women's Network",
}
FURTHER_NETWORKS: Final = {
    "carers": ("Carers' Network", frozenset({"RTD", "RXP", "RVW", "RTF", "RX4", "RX6"})),
    "faith": ("Faith and Belief Network", frozenset({"RTD", "RR7", "RTR", "R0B", "RX3"})),
}
NETWORKS_WITHOUT_ALLIES: Final = frozenset({"lgbt"})
WITHOUT_LNC: Final = frozenset({"RX6"})  # the ambulance service employs few doctors
SECOND_UNION: Final = {"RX6": "GMB", "RTF": "UNITE", "RX3": "UNITE", "RNN": "GMB"}


def unions_of(trust: str) -> tuple[str, str]:
    """The two unions with a group at this trust."""
    return "UNISON", SECOND_UNION.get(trust, "RCN")


def networks_of(trust: str) -> dict[str, str]:
    """The networks of this trust: short key to local name."""
    further = {key: name for key, (name, trusts) in FURTHER_NETWORKS.items() if trust in trusts}
    return {**NETWORKS, **further}


def has_lnc(trust: str) -> bool:
    """Whether doctors and dentists have their own negotiating committee here."""
    return trust not in WITHOUT_LNC


def forums_of(trust: str) -> tuple[Forum, ...]:
    """Every body of the trust; parents before the bodies that report to them."""

    def forum(key: str, kind: ForumKind, name: str, parent: str | None = None) -> Forum:
        above = f"{trust}/{parent}" if parent else None
        return Forum(f"{trust}/{key}", kind, name, (trust,), PURPOSES[kind], committee_terms(kind), above)

    lnc = (forum("lnc", ForumKind.LOCAL_NEGOTIATING_COMMITTEE, "Local Negotiating Committee"),)
    return (
        forum("board", ForumKind.BOARD, "Board of Directors"),
        forum("people", ForumKind.EXECUTIVE_COMMITTEE, "People Committee", "board"),
        forum("workforce", ForumKind.BOARD_COMMITTEE, "Workforce Committee", "board"),
        forum("jnc", ForumKind.JOINT_NEGOTIATING_COMMITTEE, JNC_NAMES[TRUSTS.index(trust) % len(JNC_NAMES)]),
        *(lnc if has_lnc(trust) else ()),
        forum("edi", ForumKind.EDI_STEERING_GROUP, "Equality, Diversity and Inclusion Steering Group", "people"),
        forum("safety", ForumKind.HEALTH_AND_SAFETY_COMMITTEE, "Health and Safety Committee"),
        forum("speak-up", ForumKind.FREEDOM_TO_SPEAK_UP, "Freedom to Speak Up"),
        *(_network(trust, key, name) for key, name in networks_of(trust).items()),
        *(_union_group(trust, union) for union in unions_of(trust)),
    )


def _network(trust: str, key: str, name: str) -> Forum:
    kind = ForumKind.STAFF_NETWORK
    terms = NETWORK_B if key in NETWORKS_WITHOUT_ALLIES else NETWORK_A
    return Forum(f"{trust}/{key}", kind, name, (trust,), PURPOSES[kind], terms)


def _union_group(trust: str, union: str) -> Forum:
    kind = ForumKind.TRADE_UNION_GROUP
    key, name = f"{trust}/{union.lower()}", f"{union} branch at {trust}"
    return Forum(key, kind, name, (trust,), PURPOSES[kind], GROUP, union=union)
