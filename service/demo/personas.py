"""The people whom `partnership token PERSONA` signs in as, each chosen to show one thing about the walls.

All are of RTD unless said. A persona's name is its subject at the demo issuer; everybody else's is the trust's code
and a number ("rtd-017"), which tells nothing about the offices held.
"""

from dataclasses import dataclass
from typing import Final

from service.demo.national import SURVEY_SYSTEM
from service.demo.organisations import NHS_ENGLAND, NORTH_EAST
from service.demo.trust_seats import DUAL

OPERATOR: Final = "operator"


@dataclass(frozen=True, slots=True)
class Persona:
    """A subject, the organisation and role that it holds in the demo, and what it is good for showing."""

    subject: str
    organisation: str | None
    role: str | None
    shows: str


PERSONAS: Final = (
    Persona("hr-service", "RTD", "hr system", "The trust's HR system: keeps employment and management-side seats."),
    Persona("management-chair", "RTD", "jnc management chair", "Chairs management side of the JNC."),
    Persona("management-secretary", "RTD", "jnc management secretary", "Secretary of management side of the JNC."),
    Persona("staff-side-chair", "RTD", "jnc staff chair", "Chairs staff side of the JNC."),
    Persona("network-chair", "RTD", "race chair", "Chairs the Race Equality Network."),
    Persona("network-member", "RTD", "race member 1", "A member of the Race Equality Network, with no office."),
    Persona("fellow-member", "RTD", "race member 6", "Another member of the same network: sees what members may know."),
    Persona(
        "dual-role", "RTD", DUAL, "Chairs the disability network and represents UNISON: several seats, so must choose."
    ),
    Persona("guardian", "RTD", "guardian", "The freedom to speak up guardian."),
    Persona("regional-chair", NORTH_EAST, "regional management chair", "Management chair of the regional SPF."),
    Persona(
        "survey-system", NHS_ENGLAND, SURVEY_SYSTEM, "NHS England's survey system: files every trust's public results."
    ),
    Persona("outsider", "RR7", "employee 1", "An employee of another trust."),
    Persona(OPERATOR, None, None, "Runs the service, and holds no seat: sees nothing."),
)
SUBJECTS: Final = {
    (persona.organisation, persona.role): persona.subject
    for persona in PERSONAS
    if persona.organisation is not None and persona.role is not None
}
