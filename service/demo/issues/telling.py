"""How the demo's issues are told: who did what, so many working days ago."""

from dataclasses import dataclass
from datetime import date

from service.demo.cases import Did
from service.demo.consultations.seats import Seats
from service.demo.days import Days
from service.demo.matters import RAISER, Deed, Hop, Issue, OnStep
from service.rules.acts import Act
from service.rules.bodies import Channel
from service.rules.escalations import Category, IdentityMode, IssueState, Manner, StepState


@dataclass(frozen=True, slots=True)
class Words:
    """What an issue says, what it asks for, what its receiver is told, and what came of it."""

    body: str
    effect: str
    summary: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Telling(Seats):
    """The seats of one trust, and days before today."""

    days: Days

    def did(self, seat: str, ago: int, hour: int = 10) -> Did:
        """Done in that seat, so many working days ago."""
        return Did(seat, self.days.past(ago, hour))

    def own(self, ago: int) -> Did:
        """Done by whoever raised it."""
        return Did(RAISER, self.days.past(ago))

    def hop(
        self, key: str, to: str, channel: Channel, words: str, seat: str, ago: int, after: str | None = None,
        *, refers: bool = False,
    ) -> Hop:  # fmt: skip
        """A step drafted for one of the trust's bodies."""
        return Hop(key, self.body(to), channel, words, self.did(seat, ago), after, refers)

    def on(
        self, act: Act, hop: str, seat: str, ago: int, words: str = "", hour: int = 14, meets_on: date | None = None
    ) -> OnStep:
        """Something done with a step in that seat."""
        return OnStep(act, hop, self.did(seat, ago, hour), words, meets_on)

    def consents(self, hop: str, ago: int) -> OnStep:
        """The raiser's consent."""
        return OnStep(Act.CONSENT_GIVE, hop, self.own(ago))

    def from_network(
        self,
        name: str,
        network: str,
        member: int,
        category: Category,
        words: Words,
        ago: int,
        state: IssueState,
        *deeds: Deed,
        steps: tuple[StepState, ...] = (),
        confidential: bool = False,
        manner: Manner = Manner.FORMAL,
    ) -> Issue:
        """An issue that a member raised in their network; confidentially, it is entrusted to the chair."""
        return Issue(
            key=f"{self.trust}/{name}",
            forum=self.body(network),
            category=category,
            body=words.body,
            effect=words.effect,
            raised=self.did(self.network_member(network, member), ago, 19),
            state=state,
            identity=IdentityMode.CONFIDENTIAL if confidential else IdentityMode.NAMED,
            manner=manner,
            recipient=self.network_chair(network) if confidential else None,
            deeds=deeds,
            steps=steps,
        )
