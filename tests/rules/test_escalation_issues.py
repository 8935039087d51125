"""An issue can be raised safely: in few words or none, confidentially, and about whom it concerns."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.rules.escalations import (
    CATEGORY_DESCRIPTIONS,
    IDENTITY_MODE_DESCRIPTIONS,
    MANNER_DESCRIPTIONS,
    Category,
    IdentityMode,
    Manner,
    Raise,
    agenda_problems,
    message_problems,
    note_problems,
    outcome_problems,
    raise_problems,
    reason_problems,
    receipt_problems,
    summary_problems,
)
from service.rules.escalations import issues as rules
from service.rules.problems import Code, Problem

TODAY = date(2026, 11, 27)
FORMAL = Raise(Manner.FORMAL, IdentityMode.NAMED, "Rosters come late.", "", has_recipient=False, implicated=0)


def said(problems: list[Problem]) -> list[tuple[Code, tuple[str, ...]]]:
    return [(problem.code, problem.field) for problem in problems]


def test_a_member_raises_an_issue_in_writing() -> None:
    assert raise_problems(FORMAL) == []


def test_an_informal_issue_may_say_nothing_and_a_formal_one_says_something() -> None:
    assert raise_problems(replace(FORMAL, manner=Manner.INFORMAL, body="")) == []
    assert said(raise_problems(replace(FORMAL, body=" \n"))) == [(Code.REQUIRED, ("body",))]


def test_what_is_written_has_an_end() -> None:
    longest = replace(FORMAL, body="x" * rules.BODY_MOST, effect_sought="x" * rules.EFFECT_MOST)
    assert raise_problems(longest) == []
    longer = replace(longest, body=longest.body + "x", effect_sought=longest.effect_sought + "x")
    assert said(raise_problems(longer)) == [(Code.TOO_LONG, ("body",)), (Code.TOO_LONG, ("effectSought",))]


def test_a_text_that_reads_otherwise_than_it_is_is_refused() -> None:
    assert said(raise_problems(replace(FORMAL, body="a\u202eb"))) == [(Code.INVALID, ("body",))]


def test_a_confidential_issue_is_entrusted_to_somebody_and_no_other_is() -> None:
    confidential = replace(FORMAL, identity=IdentityMode.CONFIDENTIAL)
    field = ("recipientSeatId",)
    assert raise_problems(replace(confidential, has_recipient=True)) == []
    assert said(raise_problems(confidential)) == [(Code.REQUIRED, field)]
    assert said(raise_problems(replace(FORMAL, has_recipient=True))) == [(Code.INVALID, field)]
    of_office = replace(FORMAL, identity=IdentityMode.OFFICE, has_recipient=True, is_officer=True)
    assert said(raise_problems(of_office)) == [(Code.INVALID, field)]


def test_a_member_does_not_speak_for_the_body() -> None:
    of_office = replace(FORMAL, identity=IdentityMode.OFFICE)
    assert said(raise_problems(of_office)) == [(Code.NOT_PERMITTED, ("identity",))]
    assert raise_problems(replace(of_office, is_officer=True)) == []


def test_twenty_are_implicated_at_most() -> None:
    assert raise_problems(replace(FORMAL, implicated=20)) == []
    assert said(raise_problems(replace(FORMAL, implicated=21))) == [(Code.TOO_MANY, ("implicated",))]


@pytest.mark.parametrize(
    ("problems", "field", "most"),
    [
        (summary_problems, "summary", rules.SUMMARY_MOST),
        (message_problems, "body", rules.MESSAGE_MOST),
        (note_problems, "body", rules.NOTE_MOST),
        (reason_problems, "reason", rules.REASON_MOST),
        (outcome_problems, "outcome", rules.OUTCOME_MOST),
        (receipt_problems, "receipt", rules.RECEIPT_MOST),
    ],
)
def test_what_a_receiver_or_sender_writes_says_something_and_has_an_end(
    problems: object, field: str, most: int
) -> None:
    assert problems("x" * most) == []  # type: ignore[operator]
    assert said(problems(" ")) == [(Code.REQUIRED, (field,))]  # type: ignore[operator]
    assert said(problems("x" * (most + 1))) == [(Code.TOO_LONG, (field,))]  # type: ignore[operator]
    assert said(problems("x\u0000")) == [(Code.INVALID, (field,))]  # type: ignore[operator]


def test_a_receipt_is_one_line() -> None:
    assert said(receipt_problems("FTSU 2026/14\nwho said what")) == [(Code.INVALID, ("receipt",))]


def test_a_step_is_placed_on_the_agenda_of_a_meeting_that_lies_ahead_or_is_not_dated_yet() -> None:
    field = ("meetsOn",)
    assert agenda_problems("Rosters", None, TODAY) == []
    assert agenda_problems("Rosters", TODAY, TODAY) == []
    assert said(agenda_problems("Rosters", TODAY - timedelta(days=1), TODAY)) == [(Code.IN_THE_PAST, field)]
    furthest = TODAY + timedelta(days=rules.AGENDA_FURTHEST_DAYS)
    assert agenda_problems("Rosters", furthest, TODAY) == []
    assert said(agenda_problems("Rosters", furthest + timedelta(days=1), TODAY)) == [(Code.TOO_FAR_AHEAD, field)]
    assert said(agenda_problems("", date.max, TODAY)) == [(Code.REQUIRED, ("title",)), (Code.TOO_FAR_AHEAD, field)]


def test_no_refusal_repeats_what_was_written() -> None:
    secret = "Amira of ward 7\u202e"
    for problem in raise_problems(replace(FORMAL, body=secret, effect_sought=secret)):
        assert "Amira" not in problem.message


def test_a_client_finds_every_word_described() -> None:
    assert set(CATEGORY_DESCRIPTIONS) == set(Category)
    assert set(MANNER_DESCRIPTIONS) == set(Manner)
    assert set(IDENTITY_MODE_DESCRIPTIONS) == set(IdentityMode)
