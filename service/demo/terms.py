"""What each body of the demo is for, and its terms of reference.

The two founding examples of a network's terms disagree on purpose (founding document S0: terms of twelve months or of
six, meetings every two months or every month), so the demo's networks hold one or the other.
"""

from typing import Final

from service.demo.shapes import Terms
from service.rules.bodies import ForumKind

PURPOSES: Final = {
    ForumKind.BOARD: "Leads the trust and answers for it.",
    ForumKind.EXECUTIVE_COMMITTEE: "Directs the trust's work on its people, and hears from networks and committees.",
    ForumKind.BOARD_COMMITTEE: "Assures the board on workforce, culture and equality.",
    ForumKind.JOINT_NEGOTIATING_COMMITTEE: "Both sides discuss, consult, negotiate and agree local policies.",
    ForumKind.LOCAL_NEGOTIATING_COMMITTEE: "Both sides negotiate for doctors and dentists.",
    ForumKind.EDI_STEERING_GROUP: "Advises on the equality, diversity and inclusion strategy and co-ordinates it.",
    ForumKind.HEALTH_AND_SAFETY_COMMITTEE: "Keeps the measures for health and safety at work under review.",
    ForumKind.FREEDOM_TO_SPEAK_UP: "Helps everybody to speak up, and tells the board what it hears.",
    ForumKind.STAFF_NETWORK: "Support, a safe space, and a voice in how the trust is run.",
    ForumKind.TRADE_UNION_GROUP: "The union's members at this trust.",
    ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM: "Employers and trade unions of the region work on shared concerns.",
    ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM: "National employers, government and unions work on shared concerns.",
}
PER_SIDE: Final = Terms("More than half of each side", "Every two months", reviewed_every_months=12)
SPF_TERMS: Final = Terms("One chair of each side and four more members", "Every three months", 24)
COMMITTEE: Final = Terms("Half of the members, with the chair or vice-chair", "Every month")
GROUP: Final = Terms("Five members", "Every three months", 12)
NETWORK_A: Final = Terms(
    "The greater of five and a quarter of the members, with the chair or vice chair present",
    "Every two months, and once a year as the annual general meeting",
    12,
    opens_to_allies=True,
    opens_to_staff_side_lead=True,
)
NETWORK_B: Final = Terms(
    "Four; with fewer expected the chair may cancel",
    "Every month, at a different site",
    6,
    opens_to_staff_side_lead=True,
)
TWO_SIDED: Final = frozenset(
    {
        ForumKind.JOINT_NEGOTIATING_COMMITTEE,
        ForumKind.LOCAL_NEGOTIATING_COMMITTEE,
        ForumKind.HEALTH_AND_SAFETY_COMMITTEE,
    }
)


def committee_terms(kind: ForumKind) -> Terms:
    """The terms of a trust's committee of that kind."""
    return PER_SIDE if kind in TWO_SIDED else COMMITTEE
