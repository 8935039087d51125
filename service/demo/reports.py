"""The demo's reports and the region's picture of them: invented figures in the shapes of real ones.

They are made by the service's own acts, each in the seat that has the power, under keys that follow from words: a
demo that was cut off goes on where it stopped, and one that has them changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from service.access.pool import open_pool
from service.access.viewer import Doorway, Viewer
from service.demo.organisations import NORTH_EAST
from service.demo.region import HR_SYSTEM, region
from service.demo.shapes import demo_id, seat_key
from service.demo.spf import SPF
from service.identity.demo import ISSUER
from service.resolvers.context import Context, Keys, SignedIn
from service.resolvers.ids import global_id
from service.rules.bodies import Office, Side
from service.rules.reports.definitions import Metric, Part
from service.rules.reports.kinds import find
from service.schema import schema
from service.settings import Settings

Progress = Callable[[str], None]
Figures = list[dict[str, Any]]
M, S, N, NONE = Side.MANAGEMENT, Side.STAFF, Side.NETWORK, Side.NONE
YEARS: Final = {year: {"startsOn": f"{year}-04-01", "endsOn": f"{year + 1}-03-31"} for year in (2023, 2024)}
QUARTER: Final = {"startsOn": "2025-10-01", "endsOn": "2025-12-31"}
# officers, of whom with protected time; hours agreed, taken, and of those with backfill, in the later year
PROTECTED: Final[Mapping[str, tuple[int, int, int, int, int]]] = {
    "RTD": (42, 31, 1240, 986, 402),
    "RXP": (41, 29, 980, 702, 226),
    "RR7": (24, 20, 800, 744, 310),
    "RVW": (31, 5, 160, 92, 0),
    "RTR": (33, 24, 900, 655, 244),
    "RTF": (29, 26, 1100, 1034, 515),
    "R0B": (37, 22, 840, 610, 208),
    "RX4": (45, 38, 1520, 1391, 634),
    "RX3": (30, 21, 780, 590, 181),
    "RX6": (18, 11, 420, 265, 60),
}
BEFORE: Final = (-3, -2, -90, -71, -33)
FACILITY: Final = (
    ("FT1_OFFICIALS", "", "74"), ("FT1_FTE", "", "69.4"), ("FT2_OFFICIALS", "0", "12"), ("FT2_OFFICIALS", "1_50", "51"),
    ("FT2_OFFICIALS", "51_99", "4"), ("FT2_OFFICIALS", "100", "7"), ("FT2_OFFICIALS", "ALL", "74"),
    ("FT3_COST", "", "412000"), ("FT3_PAY", "", "689000000"), ("FT4_ACTIVITIES", "", "310"),
    ("FT4_FACILITY", "", "14200"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """Acts as the people of the demo, through the graph itself."""

    doorway: Doorway
    keys: Keys
    subjects: Mapping[str, str]

    async def act(self, seat: str, act: str, select: str, key: str, **said: Any) -> Any:
        """Do one act in a seat; what `select` names of its payload. A refusal is a fault of the demo."""
        subject = self.subjects[seat]
        viewer = Viewer(demo_id("account", subject), demo_id("seat", seat))
        context = Context(self.doorway, self.keys, SignedIn(ISSUER, subject, None, viewer.account), viewer)
        document = (
            f"mutation($input: {act[0].upper()}{act[1:]}Input!)"
            f" {{ {act}(input: $input) {{ {select} userErrors {{ code message field }} }} }}"
        )
        try:
            variables = {"input": {**said, "idempotencyKey": f"demo {key}"}}
            result = await schema.execute(document, variable_values=variables, context_value=context)
        finally:
            await context.close()
        if result.errors or result.data is None or result.data[act]["userErrors"]:
            raise RuntimeError(f"the demo's {act} {key}: {result.errors or result.data}")
        return result.data[act]

    async def submitted(self, seat: str, code: str, period: Mapping[str, str], figures: Figures, **more: Any) -> str:
        """A report submitted; its version."""
        key = f"{seat} {code} {period['startsOn']}"
        found = await self.act(
            seat, "reportDraft", "report { id draft { revision } }", key, definitionCode=code, period=period,
            figures=figures, **more,
        )  # fmt: skip
        return await self.again(seat, found["report"]["id"], found["report"]["draft"]["revision"], key)

    async def again(self, seat: str, report: str, revision: int, key: str) -> str:
        """Submit the draft that stands; its version."""
        found = await self.act(
            seat, "reportSubmit", "version { id }", f"{key} {revision}", reportId=report, expectedRevision=revision
        )
        version: str = found["version"]["id"]
        return version

    async def published(self, seat: str, receiver: str, version: str) -> None:
        """Acknowledged by its receiver, then published."""
        await self.act(receiver, "reportAcknowledge", "version { id }", version, versionId=version)
        await self.act(seat, "reportPublish", "version { id }", version, versionId=version)


async def load_reports(settings: Settings, today: date, progress: Progress) -> None:
    """Make the reports and releases that are not there yet, in the demo of that day.

    Raises `asyncpg.PostgresError`, `OSError`, or RuntimeError where an act of the demo is refused.
    """
    subjects = {seat.key: seat.holder for seat in region(today).seats}
    pool = await open_pool(settings.database_url, size=2, statement_seconds=30)
    try:
        keys = Keys.derived(settings.key)
        doorway = Doorway(pool, settings.proof_key)
        if await _there(doorway, subjects):
            return
        stage = Stage(doorway, keys, subjects)
        progress("reports of the region's trusts and networks")
        await _region(stage)
        await _newcastle(stage)
    finally:
        await pool.close()


async def _there(doorway: Doorway, subjects: Mapping[str, str]) -> bool:
    """Whether the last thing that the demo makes is there."""
    seat = _hr("RTD")
    async with doorway.reading(Viewer(demo_id("account", subjects[seat]), demo_id("seat", seat))) as snapshot:
        found: UUID | None = await snapshot.connection.fetchval("select id from graph.report_import limit 1")
        return found is not None


def _hr(trust: str) -> str:
    return seat_key(trust, None, NONE, Office.SERVICE, HR_SYSTEM)


def _jnc(trust: str) -> str:
    return seat_key(trust, "jnc", M, Office.CHAIR, "jnc management chair")


async def _region(stage: Stage) -> None:
    """Protected time at the region's ten trusts, in two years: a release after each."""
    chair = seat_key(NORTH_EAST, "spf", M, Office.CHAIR, "regional management chair")
    forum = {"forumId": global_id("RegionalSocialPartnershipForum", demo_id("forum", SPF.key))}
    for year, change in ((2023, BEFORE), (2024, (0, 0, 0, 0, 0))):
        for trust, numbers in PROTECTED.items():
            figures = _protected([max(0, number + less) for number, less in zip(numbers, change, strict=True)])
            version = await stage.submitted(_hr(trust), "PROTECTED_TIME", YEARS[year], figures)
            await stage.published(_hr(trust), _jnc(trust), version)
        await stage.act(chair, "releaseFreeze", "release { id }", f"{year}", definitionCode="PROTECTED_TIME", **forum)


async def _newcastle(stage: Stage) -> None:
    """At RTD: two years of WRES, job evaluation before the board, three networks' years, and a file that HR sent."""
    hr, jnc = _hr("RTD"), _jnc("RTD")
    for year, worse in ((2023, 4), (2024, 0)):
        version = await stage.submitted(hr, "WRES", YEARS[year], _wres(worse))
        await stage.published(hr, jnc, version)
    found = await stage.act(
        hr, "reportDraft", "report { id draft { contentHash } }", "job evaluation", definitionCode="JOB_EVALUATION",
        period=QUARTER, figures=_job_evaluation(),
    )  # fmt: skip
    director = seat_key("RTD", "board", M, Office.MEMBER, "people director")
    await stage.act(
        director, "reportSignOff", "report { id }", "job evaluation", reportId=found["report"]["id"],
        contentHash=found["report"]["draft"]["contentHash"],
    )  # fmt: skip
    race = seat_key("RTD", "race", N, Office.CHAIR, "race chair")
    version = await stage.submitted(
        race, "NETWORK_ANNUAL", YEARS[2024], _network(94, 11, RACE), forumId=_network_id("race")
    )
    await stage.published(race, jnc, version)
    women = seat_key("RTD", "women", N, Office.CHAIR, "women chair")
    version = await stage.submitted(
        women, "NETWORK_ANNUAL", YEARS[2024], _network(61, 8, WOMEN), forumId=_network_id("women")
    )
    staff = seat_key("RTD", "jnc", S, Office.CHAIR, "jnc staff chair")
    await stage.act(
        staff, "reportReturn", "version { id }", "women", versionId=version,
        reason="The year's spending is missing; the committee decides on next year's in March.",
    )  # fmt: skip
    lgbt = seat_key("RTD", "lgbt", N, Office.SECRETARY, "lgbt secretary")
    await stage.act(
        lgbt, "reportDraft", "report { id }", "lgbt", definitionCode="NETWORK_ANNUAL", period=YEARS[2024],
        figures=_network(48, 7, LGBT), forumId=_network_id("lgbt"),
    )  # fmt: skip
    figures = [{"metric": metric, "band": band, "value": value} for metric, band, value in FACILITY]
    row = {"organisation": "RTD", "period": YEARS[2024], "figures": figures}
    await stage.act(hr, "reportImport", "reportImport { id }", "file", definitionCode="FACILITY_TIME", rows=[row])


RACE: Final = "Reciprocal mentoring grew to forty pairs, and every panel for posts from band 8a has a network member."
WOMEN: Final = "Menopause passports are in use on thirty wards; night-shift parking is still unsafe."
LGBT: Final = "Rainbow badges were renewed, and two policies were changed after our response."


def _network_id(key: str) -> str:
    return global_id("StaffNetwork", demo_id("forum", f"RTD/{key}"))


def _protected(numbers: Sequence[int]) -> Figures:
    metrics = ("PT_OFFICERS", "PT_WITH_TIME", "PT_AGREED", "PT_TAKEN", "PT_BACKFILLED")
    return [{"metric": metric, "value": str(value)} for metric, value in zip(metrics, numbers, strict=True)]


def _network(members: int, meetings: int, summary: str) -> Figures:
    return [
        {"metric": "NW_MEMBERS", "value": str(members)},
        {"metric": "NW_MEETINGS", "value": str(meetings)},
        {"metric": "NW_SUMMARY", "text": summary},
    ]


def _job_evaluation() -> Figures:
    counts = {
        "JE_IN_USE": 90, "JE_REVIEWED_3_YEARS": 62, "JE_REVIEWED_12_MONTHS": 28, "JE_STAFF_REVIEWED": 120,
        "JE_BAND_UP": 34, "JE_BAND_DOWN": 8, "JE_BAND_SAME": 78,
    }  # fmt: skip
    definition = find("JOB_EVALUATION", 1)
    assert definition is not None
    return [
        {"metric": metric.code, "band": band, "value": str(counts[metric.code])}
        for metric in definition.metrics
        if metric.code in counts
        for _, band in metric.cells
    ]


def _wres(worse: int) -> Figures:
    """Every cell of the standard; `worse`: how much further apart the groups are than in the latest year."""
    definition = find("WRES", 1)
    assert definition is not None
    return [figure for metric in definition.metrics for figure in _of_metric(metric, worse)]


def _of_metric(metric: Metric, worse: int) -> Figures:
    found = []
    for group, band in metric.cells:
        cell: dict[str, Any] = {"metric": metric.code, "group": group, "band": band}
        if Part.VALUE in metric.parts and Part.BASE not in metric.parts:
            bands = len(metric.bands) - 1
            each = {"WHITE": 260, "BME": 55 - worse, "NOT_STATED": 9}[group]
            found.append({**cell, "value": str(each * bands if band == "ALL" else each)})
        elif Part.BASE in metric.parts:
            rate, base = {"WHITE": (21.4, 6200), "BME": (27.8 + worse, 1450)}[group]
            found.append({**cell, "value": str(rate), "base": str(base)})
        else:
            some, of = {"WHITE": (640, 3900), "BME": (150 - 6 * worse, 1010), "NOT_STATED": (9, 140)}[group]
            found.append({**cell, "numerator": str(some), "denominator": str(of)})
    return found
