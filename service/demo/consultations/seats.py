"""The seats that act in the demo's consultations and issues, by the words that people use for them."""

from dataclasses import dataclass

from service.demo.shapes import seat_key
from service.rules.bodies import Office, Side


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of one trust."""

    trust: str

    def body(self, key: str) -> str:
        """The key of one of the trust's bodies."""
        return f"{self.trust}/{key}"

    @property
    def management_chair(self) -> str:
        """Chair of management side in the JNC."""
        return seat_key(self.trust, "jnc", Side.MANAGEMENT, Office.CHAIR, "jnc management chair")

    @property
    def management_secretary(self) -> str:
        """Secretary of management side in the JNC."""
        return seat_key(self.trust, "jnc", Side.MANAGEMENT, Office.SECRETARY, "jnc management secretary")

    @property
    def staff_chair(self) -> str:
        """Chair of staff side in the JNC."""
        return seat_key(self.trust, "jnc", Side.STAFF, Office.CHAIR, "jnc staff chair")

    @property
    def hr_system(self) -> str:
        """The trust's HR system."""
        return seat_key(self.trust, None, Side.NONE, Office.SERVICE, "hr system")

    @property
    def guardian(self) -> str:
        """The freedom to speak up guardian."""
        return seat_key(self.trust, "speak-up", Side.INDEPENDENT, Office.GUARDIAN, "guardian")

    @property
    def edi_chair(self) -> str:
        """Chair of the EDI steering group."""
        return seat_key(self.trust, "edi", Side.MANAGEMENT, Office.CHAIR, "chief executive")

    @property
    def safety_chair(self) -> str:
        """Chair of management side in the health and safety committee."""
        return seat_key(self.trust, "safety", Side.MANAGEMENT, Office.CHAIR, "estates director")

    @property
    def safety_staff_chair(self) -> str:
        """Chair of staff side in the health and safety committee."""
        return seat_key(self.trust, "safety", Side.STAFF, Office.CHAIR, "UNISON safety representative 1")

    @property
    def board_chair(self) -> str:
        """Chair of the board."""
        return seat_key(self.trust, "board", Side.INDEPENDENT, Office.CHAIR, "board chair")

    @property
    def secretariat(self) -> str:
        """The JNC's neutral secretariat."""
        return seat_key(self.trust, "jnc", Side.NONE, Office.SECRETARIAT, "jnc secretariat")

    def employee(self, number: int) -> str:
        """Somebody who works there and holds no office."""
        return seat_key(self.trust, None, Side.NONE, Office.EMPLOYEE, f"employee {number}")

    def network_chair(self, network: str) -> str:
        """Chair of a network."""
        return seat_key(self.trust, network, Side.NETWORK, Office.CHAIR, f"{network} chair")

    def network_secretary(self, network: str) -> str:
        """Secretary of a network."""
        return seat_key(self.trust, network, Side.NETWORK, Office.SECRETARY, f"{network} secretary")

    def network_member(self, network: str, number: int) -> str:
        """A member of a network."""
        return seat_key(self.trust, network, Side.NETWORK, Office.MEMBER, f"{network} member {number}")

    def union_chair(self, union: str) -> str:
        """Chair of a union's group."""
        return seat_key(self.trust, union.lower(), Side.STAFF, Office.CHAIR, f"{union} chair")

    def union_member(self, union: str, number: int) -> str:
        """A member of a union's group."""
        return seat_key(self.trust, union.lower(), Side.STAFF, Office.MEMBER, f"{union} member {number}")


RTD = Seats("RTD")
