"""Who sits where in one trust, by role. A role is one person, however many offices that person holds.

Chairs of boards and board committees are non-executive and so on neither side. In every trust the chair of the
disability network is also a union representative: one person, several capacities (founding document S0, 2 Ways of
working). Members of networks are many; their number differs by network and trust.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from service.demo.organisations import TRUSTS
from service.demo.trust_forums import has_lnc, networks_of, unions_of
from service.rules.bodies import Office, Side

M, S, N, I, NONE = Side.MANAGEMENT, Side.STAFF, Side.NETWORK, Side.INDEPENDENT, Side.NONE
FEWEST_MEMBERS: Final = 9
EMPLOYEES: Final = 20  # people who are employed and hold no office
NOT_EMPLOYED: Final = (
    *("board chair", "non-executive", "hr system"),
    *("UNISON official", "RCN official", "UNITE official", "GMB official"),
    *("member 9", "ally"),  # agency staff, whom a network invited
)
DUAL: Final = "disability chair"


@dataclass(frozen=True, slots=True)
class Post:
    """An office and the role that holds it; `forum` None is the organisation itself. `former`: its term has ended."""

    forum: str | None
    side: Side
    office: Office
    role: str
    union: str | None = None
    title: str | None = None
    is_public: bool = False
    former: bool = False


DIRECTORS: Final = (
    Post("board", I, Office.CHAIR, "board chair"),
    *(Post("board", I, Office.MEMBER, f"non-executive {n}") for n in (1, 2, 3, 4)),
    Post("board", M, Office.MEMBER, "chief executive"),
    Post("board", M, Office.MEMBER, "medical director"),
    Post("board", M, Office.MEMBER, "nursing director"),
    Post("board", M, Office.MEMBER, "finance director"),
    Post("board", M, Office.MEMBER, "people director"),
    Post("board", NONE, Office.SECRETARIAT, "company secretary"),
    Post("people", M, Office.CHAIR, "people director"),
    Post("people", M, Office.VICE_CHAIR, "nursing director"),
    Post("people", M, Office.MEMBER, "workforce planning lead"),
    Post("people", M, Office.MEMBER, "organisation development lead"),
    Post("people", NONE, Office.SECRETARIAT, "people secretariat"),
    Post("workforce", I, Office.CHAIR, "non-executive 1"),
    Post("workforce", I, Office.MEMBER, "non-executive 2"),
    Post("workforce", M, Office.MEMBER, "people director"),
    Post("workforce", NONE, Office.SECRETARIAT, "people secretariat"),
)
SPEAK_UP: Final = (
    Post("speak-up", I, Office.GUARDIAN, "guardian"),
    *(Post("speak-up", I, Office.AMBASSADOR, f"ambassador {n}") for n in (1, 2, 3)),
)


def posts_of(trust: str) -> tuple[Post, ...]:
    """Every office held in the trust, and every employment."""
    offices = (
        *DIRECTORS,
        *_jnc(trust),
        *(_lnc() if has_lnc(trust) else ()),
        *_edi(trust),
        *_safety(trust),
        *SPEAK_UP,
        *(post for position, key in enumerate(networks_of(trust)) for post in _network(trust, key, position)),
        *(post for union in unions_of(trust) for post in _union_group(union)),
        Post(None, NONE, Office.SERVICE, "hr system"),
    )
    return (*offices, *_employment(post.role for post in offices))


def _employment(roles: Iterable[str]) -> Iterator[Post]:
    known = (*dict.fromkeys(roles), *(f"employee {n}" for n in range(1, EMPLOYEES + 1)))
    return (
        Post(None, NONE, Office.EMPLOYEE, role) for role in known if not any(words in role for words in NOT_EMPLOYED)
    )


def _jnc(trust: str) -> Iterator[Post]:
    first, second = unions_of(trust)
    yield Post("jnc", M, Office.CHAIR, "jnc management chair")
    yield Post("jnc", M, Office.SECRETARY, "jnc management secretary")
    yield Post("jnc", M, Office.VICE_CHAIR, "people director")
    for n in (1, 2, 3, 4):
        yield Post("jnc", M, Office.MEMBER, f"jnc manager {n}")
    yield Post("jnc", M, Office.HR_LEAD, "hr policy lead")
    yield Post("jnc", S, Office.CHAIR, "jnc staff chair", first)
    yield Post("jnc", S, Office.SECRETARY, "jnc staff secretary", second)
    yield Post("jnc", S, Office.VICE_CHAIR, f"{second} chair", second)
    yield Post("jnc", S, Office.WORKPLACE_REPRESENTATIVE, DUAL, first)
    yield Post("jnc", S, Office.WORKPLACE_REPRESENTATIVE, f"{second} representative 1", second)
    yield Post("jnc", S, Office.EQUALITY_REPRESENTATIVE, f"{first} equality representative", first)
    yield Post("jnc", S, Office.FULL_TIME_OFFICIAL, f"{first} official", first)
    yield Post("jnc", S, Office.MEMBER, "jnc doctors' representative", "BMA")
    yield Post("jnc", NONE, Office.SECRETARIAT, "jnc secretariat")


def _lnc() -> Iterator[Post]:
    yield Post("lnc", M, Office.CHAIR, "medical director")
    yield Post("lnc", M, Office.SECRETARY, "medical workforce lead")
    yield Post("lnc", M, Office.MEMBER, "lnc manager 1")
    yield Post("lnc", S, Office.CHAIR, "lnc staff chair", "BMA")
    yield Post("lnc", S, Office.SECRETARY, "lnc staff secretary", "BMA")
    for n in (1, 2, 3):
        yield Post("lnc", S, Office.WORKPLACE_REPRESENTATIVE, f"lnc representative {n}", "BMA")
    yield Post("lnc", NONE, Office.SECRETARIAT, "jnc secretariat")


def _edi(trust: str) -> Iterator[Post]:
    first, second = unions_of(trust)
    yield Post("edi", M, Office.CHAIR, "chief executive")
    yield Post("edi", M, Office.VICE_CHAIR, "nursing director")
    yield Post("edi", M, Office.EDI_LEAD, "edi lead")
    yield Post("edi", M, Office.MEMBER, "organisation development lead")
    yield Post("edi", S, Office.MEMBER, f"{first} equality representative", first)
    yield Post("edi", S, Office.MEMBER, f"{second} representative 1", second)
    for key in networks_of(trust):
        yield Post("edi", N, Office.MEMBER, f"{key} vice chair")
    yield Post("edi", I, Office.MEMBER, "ambassador 1")
    yield Post("edi", NONE, Office.SECRETARIAT, "people secretariat")


def _safety(trust: str) -> Iterator[Post]:
    first, second = unions_of(trust)
    yield Post("safety", M, Office.CHAIR, "estates director")
    yield Post("safety", M, Office.SECRETARY, "safety adviser")
    for n in (1, 2):
        yield Post("safety", M, Office.MEMBER, f"safety manager {n}")
    yield Post("safety", S, Office.CHAIR, f"{first} safety representative 1", first)
    yield Post("safety", S, Office.SAFETY_REPRESENTATIVE, f"{first} safety representative 2", first)
    yield Post("safety", S, Office.SAFETY_REPRESENTATIVE, f"{second} safety representative 1", second)
    yield Post("safety", NONE, Office.SECRETARIAT, "safety secretariat")


def _network(trust: str, key: str, position: int) -> Iterator[Post]:
    is_named = key != "lgbt"  # this network names nobody in the directory
    yield Post(key, N, Office.CHAIR, f"{key} chair", is_public=is_named)
    yield Post(key, N, Office.VICE_CHAIR, f"{key} vice chair")
    yield Post(key, N, Office.SECRETARY, f"{key} secretary")
    yield Post(key, N, Office.OFFICER, f"{key} membership officer", title="Membership officer")
    yield Post(key, N, Office.CHAIR, f"{key} former chair", is_public=is_named, former=True)
    members = FEWEST_MEMBERS + (3 * TRUSTS.index(trust) + 5 * position) % 7
    for n in range(1, members + 1):
        yield Post(key, N, Office.MEMBER, f"{key} member {n}")
    yield Post(key, N, Office.ALLY, f"{key} ally")
    yield Post(key, S, Office.STAFF_SIDE_LEAD, "UNISON equality representative", "UNISON")
    yield Post(key, M, Office.SPONSOR, ("nursing director", "finance director", "medical director")[position % 3])
    yield Post(key, M, Office.EDI_LEAD, "edi lead")


def _union_group(union: str) -> Iterator[Post]:
    key = union.lower()
    yield Post(key, S, Office.CHAIR, f"{union} chair", union)
    yield Post(key, S, Office.SECRETARY, f"{union} secretary", union)
    yield Post(key, S, Office.FULL_TIME_OFFICIAL, f"{union} official", union)
    yield Post(key, S, Office.EQUALITY_REPRESENTATIVE, f"{union} equality representative", union)
    yield Post(key, S, Office.WORKPLACE_REPRESENTATIVE, f"{union} representative 1", union)
    yield Post(key, S, Office.WORKPLACE_REPRESENTATIVE, f"{union} representative 2", union)
    for n in (1, 2):
        yield Post(key, S, Office.SAFETY_REPRESENTATIVE, f"{union} safety representative {n}", union)
    if union == "UNISON":
        yield Post(key, S, Office.WORKPLACE_REPRESENTATIVE, DUAL, union)
    for n in range(1, 9):
        yield Post(key, S, Office.MEMBER, f"{union} member {n}", union)
