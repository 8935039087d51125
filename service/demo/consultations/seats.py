"""The seats that act in the demo's consultations, by the words that people use for them."""

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
