"""What the journeys of reports share: who reports and who receives, and figures that pass every check."""

from dataclasses import dataclass
from typing import Any

from service.demo.region import HR_SYSTEM
from service.demo.shapes import demo_id, seat_key
from service.resolvers.ids import global_id
from service.rules.bodies import Office, Side
from service.rules.reports.definitions import Part
from service.rules.reports.kinds import find
from tests.journeys.stage import Cast, _holders, done, key
from tests.plugins.service import Person

YEAR = {"startsOn": "2022-04-01", "endsOn": "2023-03-31"}  # of which the demo has no report
SURVEY_YEAR = {"startsOn": "2024-01-01", "endsOn": "2024-12-31"}
QUARTER = {"startsOn": "2025-10-01", "endsOn": "2025-12-31"}
REPORT = "report { id state draft { id revision contentHash } }"
VERSION = "version { id number state report { id } }"
SEEN = """query($id: ID!) { node(id: $id) { ... on Report { id state periodLabel externalKey
    definition { code } organisation { odsCode } forum { localName } viewerCan { reportRevise reportSubmit }
    draft { id revision contentHash figures { metric { code } value text } problems { metric rule } signOffs { office } }
    latestVersion { id number state }
    versions(first: 9) { edges { node { id number state publishedAt signedOffOffice
      answer { kind reason side office forum { localName } } receivers { localName }
      viewerCan { reportReturn reportAcknowledge reportPublish }
      figures { metric { code unit } group band value numerator denominator base text estimated } } } } } } }"""


@dataclass(frozen=True)
class Reporters:
    """People of one trust, by what they do with reports."""

    cast: Cast

    @property
    def hr(self) -> Person:
        """The trust's HR system."""
        return hr_of(self.cast, self.cast.trust.trust)

    @property
    def people_chair(self) -> Person:
        """Chairs the People Committee, and sits on the board elsewhere."""
        return self.cast.seat("people", Side.MANAGEMENT, Office.CHAIR, "people director")

    @property
    def board_member(self) -> Person:
        """A director, as a member of the board."""
        return self.cast.seat("board", Side.MANAGEMENT, Office.MEMBER, "people director")

    @property
    def board_chair(self) -> Person:
        """Chairs the board."""
        return self.cast.seat("board", Side.INDEPENDENT, Office.CHAIR, "board chair")

    @property
    def edi_chair(self) -> Person:
        """Chairs the EDI steering group."""
        return self.cast.seat("edi", Side.MANAGEMENT, Office.CHAIR, "chief executive")


def hr_of(cast: Cast, trust: str) -> Person:
    """A trust's HR system, signed in as the service it is."""
    seat = seat_key(trust, None, Side.NONE, Office.SERVICE, HR_SYSTEM)
    subject = _holders(cast.world.today)[seat]
    token = cast.world.issuer.issue(subject, service=True)
    return Person(cast.world, subject, token, global_id("Seat", demo_id("seat", seat)))


def regional(cast: Cast, side: Side = Side.MANAGEMENT) -> Person:
    """Chairs a side of the region's social partnership forum."""
    office, role = (
        (Office.CHAIR, "regional management chair")
        if side is Side.MANAGEMENT
        else (Office.CO_CHAIR, "joint trade union chair 1")
    )
    seat = seat_key("north-east", "spf", side, office, role)
    return cast.world.as_(_holders(cast.world.today)[seat]).acting_as(global_id("Seat", demo_id("seat", seat)))


def protected_time(officers: int = 40, taken: str = "310.5") -> list[dict[str, Any]]:
    """A whole protected-time report."""
    return [
        {"metric": "PT_OFFICERS", "value": str(officers)},
        {"metric": "PT_WITH_TIME", "value": "31"},
        {"metric": "PT_AGREED", "value": "400"},
        {"metric": "PT_TAKEN", "value": taken},
        {"metric": "PT_BACKFILLED", "value": "120"},
    ]


def job_evaluation(reviewed: int = 40) -> list[dict[str, Any]]:
    """A whole quarter of job evaluation: jobs, and the people in them."""
    bands = ("BAND_5", "BAND_6", "BAND_7", "BAND_8A_AND_ABOVE")
    counts = {
        "JE_IN_USE": 90, "JE_REVIEWED_3_YEARS": 60, "JE_REVIEWED_12_MONTHS": 30, "JE_STAFF_REVIEWED": reviewed,
        "JE_BAND_UP": reviewed - 25, "JE_BAND_DOWN": 5, "JE_BAND_SAME": 20,
    }  # fmt: skip
    return [{"metric": metric, "band": band, "value": str(value)} for metric, value in counts.items() for band in bands]


def network_year(summary: str = "We met nine times and grew.") -> list[dict[str, Any]]:
    """A network's annual report."""
    return [
        {"metric": "NW_MEMBERS", "value": "64"},
        {"metric": "NW_MEETINGS", "value": "9"},
        {"metric": "NW_SUMMARY", "text": summary},
    ]


def survey(rate: int = 10, base: int = 100) -> list[dict[str, Any]]:
    """A whole staff survey in which every rate is the same, and the religions add up."""
    definition = find("STAFF_SURVEY", 1)
    assert definition is not None
    values = {Part.VALUE: rate, Part.BASE: base, Part.NUMERATOR: rate, Part.DENOMINATOR: base}
    found = [
        {"metric": metric.code, **{part.value.lower(): str(values[part]) for part in metric.parts}}
        for metric in definition.metrics
    ]
    for figure in found:
        if figure["metric"].startswith("NSS_RELIGION_"):
            figure["value"] = "20" if figure["metric"] == "NSS_RELIGION_NONE" else "10"
    return found


async def drafted(who: Person, code: str, figures: list[dict[str, Any]], **more: Any) -> Any:
    """A draft; the report."""
    said = {"definitionCode": code, "period": YEAR, "figures": figures, "idempotencyKey": key()} | more
    return (await done(who, "reportDraft", REPORT, **said))["report"]


async def submitted(who: Person, code: str, figures: list[dict[str, Any]], **more: Any) -> Any:
    """A submitted report; its version."""
    report = await drafted(who, code, figures, **more)
    payload = await done(
        who, "reportSubmit", VERSION, reportId=report["id"], expectedRevision=report["draft"]["revision"],
        idempotencyKey=key(),
    )  # fmt: skip
    return payload["version"]


async def published(who: Person, receiver: Person, code: str, figures: list[dict[str, Any]], **more: Any) -> Any:
    """A published report; its version."""
    version = await submitted(who, code, figures, **more)
    await done(receiver, "reportAcknowledge", VERSION, versionId=version["id"])
    return (await done(who, "reportPublish", VERSION, versionId=version["id"]))["version"]


async def seen(person: Person, report: str) -> Any:
    """A report as somebody sees it, or None."""
    return (await person.ask(SEEN, id=report)).data["node"]
