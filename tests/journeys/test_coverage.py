"""Every act of the graph is done in the journeys, and refused with every code that it can give.

The table is the review: a new act, or a new reason to refuse one, fails here until a journey shows it. What holds for
every act alike (no seat, several seats, the key, from outside) is shown for each in `test_every_act`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.rules.problems import Code
from tests.journeys.stage import SCHEMA, SHOWN, act_name

HERE = Path(__file__).parent
ALIKE = {"NOT_FOUND", "NOT_PERMITTED", "CAPACITY_REQUIRED", "IDEMPOTENCY_KEY_REQUIRED", "IDEMPOTENCY_KEY_REUSED"}
ENDING = {
    "WRONG_STATE", "OPEN_POINTS", "LATE_UNDECIDED", "RESPONSE_AWAITED", "IMPACT_ASSESSMENT_DATED", "NOT_LATEST_VERSION",
    "ALREADY_SIGNED", "INVALID", "NOT_FOUND", "NOT_PERMITTED",
}  # fmt: skip
SAID = {"NOT_FOUND", "NOT_PERMITTED", "REQUIRED", "INVALID", "TOO_LONG"}

CAN_ANSWER: dict[str, set[str]] = {
    "consultationDraft": {"NOT_FOUND", "NOT_PERMITTED", "REQUIRED", "INVALID", "TOO_LONG", "TOO_DEEP", "TOO_MANY"},
    "policyVersionAdd": {"NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "REQUIRED", "INVALID", "TOO_LONG"},
    "impactAssessmentRecord": {
        "NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "NOT_LATEST_VERSION", "IN_THE_FUTURE", "INVALID",
        "REQUIRED", "TOO_LONG",
    },
    "consultationPlan": {
        "NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "REQUIRED", "TOO_MANY", "TOO_LONG", "INVALID",
        "IN_THE_PAST", "DATE_ORDER", "TOO_SHORT_PERIOD", "TOO_FAR_AHEAD", "REPRESENTATIVES_NOT_CONSULTED",
        "STATUTORY_PERIOD", "HR1_TOO_LATE",
    },
    "planSign": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "ALREADY_SIGNED", "HASH_MISMATCH"},
    "planProceed": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "SIGNATURE_MISSING", "REQUIRED", "TOO_LONG"},
    "consultationOpen": {
        "NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "DATE_ORDER", "TOO_SHORT_PERIOD", "REQUIRED",
        "REPRESENTATIVES_NOT_CONSULTED",
    },
    "consulteeAdd": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "INVALID"},
    "commentAdd": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "UNKNOWN_CLAUSE", "REQUIRED", "TOO_LONG", "INVALID"},
    "commentWithdraw": {"NOT_FOUND", "NOT_PERMITTED"},
    "responseDraft": {
        "NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "STALE_REVISION", "ALREADY_RESPONDED", "REQUIRED", "TOO_LONG",
        "TOO_MANY", "UNKNOWN_CLAUSE",
    },
    "responseSubmit": {
        "NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "STALE_REVISION", "ALREADY_RESPONDED", "REQUIRED",
    },
    "responseShare": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "REQUIRED"},
    "responseConsider": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "NOT_LATE", "REQUIRED", "TOO_LONG"},
    "consulteeExtend": {
        "NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "DATE_ORDER", "IN_THE_PAST", "TOO_LONG_PERIOD", "REQUIRED",
        "TOO_LONG",
    },
    "extensionPropose": {
        "NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "DATE_ORDER", "TOO_LONG_PERIOD", "REQUIRED",
        "TOO_LONG",
    },
    "extensionSign": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "ALREADY_SIGNED", "HASH_MISMATCH"},
    "outcomeRecord": {
        "NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "UNKNOWN_CLAUSE", "CHANGE_REQUIRED", "REQUIRED", "TOO_LONG",
        "INVALID",
    },
    "consultationSign": ENDING | {"HASH_MISMATCH"},
    "disagreementRecord": ENDING | {"REQUIRED", "TOO_LONG"},
    "consultationRatify": {"NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "DATE_ORDER", "IN_THE_FUTURE"},
    "consultationWithdraw": {"NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "REQUIRED", "TOO_LONG"},
    "reportDraft": {
        "NOT_FOUND", "NOT_PERMITTED", "INVALID", "DATE_ORDER", "IN_THE_FUTURE", "FIGURE_REFUSED", "TOO_MANY", "REQUIRED",
        "TOO_LONG", "ALREADY_REPORTED", "WRONG_STATE",
    },
    "reportRevise": {"NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "FIGURE_REFUSED", "TOO_MANY"},
    "reportSignOff": {"NOT_FOUND", "NOT_PERMITTED", "INVALID", "WRONG_STATE", "HASH_MISMATCH", "ALREADY_SIGNED"},
    "reportSubmit": {
        "NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE", "FIGURE_REFUSED", "SIGNATURE_MISSING",
    },
    "reportReturn": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "REQUIRED", "TOO_LONG", "INVALID"},
    "reportAcknowledge": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE"},
    "reportPublish": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE"},
    "reportImport": {"NOT_FOUND", "NOT_PERMITTED", "INVALID", "REQUIRED", "TOO_LONG", "FILE_REFUSED"},
    "releaseFreeze": {"NOT_FOUND", "NOT_PERMITTED", "INVALID", "NOTHING_PUBLISHED"},
    "peopleImport": {"NOT_PERMITTED", "REQUIRED", "FILE_REFUSED", "UNCONFIRMED"},
    "seatGrant": {"NOT_FOUND", "NOT_PERMITTED", "REQUIRED", "INVALID", "TOO_LONG", "DATE_ORDER"},
    "seatEnd": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "IN_THE_PAST"},
    "membershipJoin": {"NOT_FOUND", "INVALID"},
    "membershipLeave": {"NOT_FOUND"},
    "membershipAccept": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "IN_THE_PAST", "INVALID"},
    "membershipDecline": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE"},
    "invitationIssue": {"NOT_FOUND", "NOT_PERMITTED", "INVALID", "REQUIRED", "TOO_LONG"},
    "invitationAccept": {"NOT_FOUND"},
    "recusalDeclare": {"NOT_FOUND", "REQUIRED", "TOO_LONG"},
    "issueRaise": SAID | {"TOO_MANY", "NO_ROUTE", "NO_RECEIVER", "CASEWORK_DIVERTED"},
    "issueEscalate": SAID | {"STALE_REVISION", "WRONG_STATE", "NO_ROUTE", "CASEWORK_DIVERTED"},
    "issueClose": SAID | {"STALE_REVISION", "WRONG_STATE"},
    "consentGive": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "HASH_MISMATCH", "ALREADY_WITHDRAWN"},
    "consentWithdraw": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "ALREADY_WITHDRAWN"},
    "recipientChoose": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE"},
    "messageSend": SAID | {"WRONG_STATE"},
    "handoverTake": SAID | {"WRONG_STATE"},
    "stepAcknowledge": {"NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE"},
    "stepAccept": {"NOT_FOUND", "NOT_PERMITTED", "STALE_REVISION", "WRONG_STATE"},
    "stepAsk": SAID | {"WRONG_STATE"},
    "stepAnswer": SAID | {"WRONG_STATE"},
    "stepNote": SAID | {"WRONG_STATE"},
    "stepPlace": SAID | {"STALE_REVISION", "WRONG_STATE", "IN_THE_PAST", "TOO_FAR_AHEAD"},
    "stepReturn": SAID | {"STALE_REVISION", "WRONG_STATE"},
    "stepRefer": SAID | {"STALE_REVISION", "WRONG_STATE", "NO_ROUTE", "CASEWORK_DIVERTED"},
    "stepResolve": SAID | {"STALE_REVISION", "WRONG_STATE"},
    "interestDeclare": {"NOT_FOUND", "NOT_PERMITTED", "INVALID"},
    "disclosureNotify": SAID | {"WRONG_STATE"},
    "identityConsent": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE"},
    "identityDisclose": {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STATE", "CONSENT_REQUIRED", "NOT_TOLD_YET"},
    "themeOffer": {"NOT_FOUND", "NOT_PERMITTED", "INVALID", "NO_ROUTE", "IN_THE_FUTURE", "ALREADY_OFFERED"},
    "themeSign": {"NOT_FOUND", "NOT_PERMITTED", "ALREADY_SIGNED"},
    "themeAnswer": SAID | {"STALE_REVISION", "WRONG_STATE"},
    "signpostSet": SAID,
    "webhookEndpointAdd": {"INVALID", "REQUIRED", "TOO_MANY"},
    "webhookEndpointRotate": {"NOT_FOUND", "STALE_REVISION", "WRONG_STATE"},
    "webhookEndpointEnd": {"NOT_FOUND", "STALE_REVISION", "WRONG_STATE"},
    "webhookDeliveryReplay": {"NOT_FOUND", "WRONG_STATE"},
    "mailPreferenceSet": {"NOT_PERMITTED", "INVALID", "REQUIRED", "TOO_MANY", "WRONG_STATE"},
    "mailAddressConfirm": {"NOT_PERMITTED", "NOT_FOUND"},
    "calendarAddressCreate": set(),
    "calendarAddressRevoke": set(),
    "releaseNoteIssue": {"NOT_PERMITTED", "IN_THE_PAST", "TOO_FAR_AHEAD", "INVALID"},
    "releaseNoteRevoke": {"NOT_FOUND", "STALE_REVISION", "WRONG_STATE"},
    "ownSignInInvite": {"NOT_PERMITTED"},
    "ownSignInAccept": {"NOT_FOUND"},
}  # fmt: skip
MUTATIONS = set(SCHEMA.mutation_type.fields)  # type: ignore[union-attr]


def shown(source: str) -> tuple[set[tuple[str, str]], set[str]]:
    """The (act, code) that a file's calls of `refused` show, and the acts that its calls of `done` do.

    An act may be named by a variable of the same function, a loop or a table beside it: each literal counts that the
    function holds.
    """
    refusals: set[tuple[str, str]] = set()
    doings: set[str] = set()
    for function in _functions(ast.parse(source)):
        literals = [
            node.value for node in ast.walk(function) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        acts = [each for each in literals if each in MUTATIONS]
        codes = {each for each in literals if each in set(Code)}
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if not isinstance(call.func, ast.Name) or len(call.args) < 2:
                continue
            named = call.args[1].value if isinstance(call.args[1], ast.Constant) else None
            if call.func.id == "done":
                doings |= {named} if isinstance(named, str) else set(acts)
            elif call.func.id == "refused":
                said = {each.value for each in call.args[2:] if isinstance(each, ast.Constant)}
                loose = codes if len(said) < len(call.args[2:]) else set()
                for act in [named] if isinstance(named, str) else acts:
                    refusals |= {(act, str(code)) for code in said | loose}
    return refusals, doings


def _functions(tree: ast.Module) -> Iterator[ast.AST]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))


@pytest.fixture(scope="module")
def journeys() -> tuple[set[tuple[str, str]], set[str]]:
    refusals: set[tuple[str, str]] = set()
    doings: set[str] = set()
    for file in sorted(HERE.glob("*.py")):
        if file.name != Path(__file__).name:
            found = shown(file.read_text(encoding="utf-8"))
            refusals |= found[0]
            doings |= found[1]
    return refusals, doings


def test_every_act_of_the_graph_is_in_the_table() -> None:
    assert set(CAN_ANSWER) == MUTATIONS


@pytest.mark.parametrize("act", sorted(MUTATIONS))
def test_act_is_done_and_refused_with_every_code_it_can_give(
    act: str, journeys: tuple[set[tuple[str, str]], set[str]]
) -> None:
    refusals, doings = journeys
    assert act in doings, f"no journey does {act_name(act)}"
    missing = {code for code in CAN_ANSWER[act] if (act, code) not in refusals}
    assert missing == set(), f"no journey shows {act} refused so"


def test_every_code_is_given_by_some_act_or_said_why_not() -> None:
    given = set().union(*CAN_ANSWER.values()) | ALIKE
    assert given == {code.value for code in Code}


def test_the_refusals_of_a_whole_run_are_exactly_the_table(request: pytest.FixtureRequest) -> None:
    ran = {item.path for item in request.session.items}
    whole = set(HERE.glob("test_*.py")) <= ran and not request.config.option.keyword
    if not whole or hasattr(request.config, "workerinput"):
        pytest.skip("the whole folder has to run, in one process")
    alike = {(act, code) for act in MUTATIONS for code in ALIKE}
    table = {(act, code) for act, codes in CAN_ANSWER.items() for code in codes}
    assert SHOWN - alike == table - alike
    assert {(act, code) for act, code in alike - SHOWN if code in CAN_ANSWER[act]} == set()


def test_the_table_notices_an_act_that_no_journey_refuses() -> None:
    refusals, doings = shown(
        'async def test_a():\n    await done(p, "planSign")\n    await refused(p, "planSign", "NOT_FOUND")\n'
    )
    assert doings == {"planSign"}
    assert refusals == {("planSign", "NOT_FOUND")}
    assert shown("async def test_b():\n    await other()\n") == (set(), set())
