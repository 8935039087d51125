"""Every act is named once, described, and keyed where doing it twice would do harm."""

from service.rules.acts import DESCRIPTIONS, KEYED, Act


def test_client_finds_every_act_described_in_one_sentence() -> None:
    assert set(DESCRIPTIONS) == set(Act)
    assert all(text.endswith(".") and "\n" not in text for text in DESCRIPTIONS.values())


def test_client_can_rely_on_an_acts_name_being_its_value() -> None:
    assert [act.value for act in Act] == [act.name for act in Act]


def test_staff_side_chair_cannot_sign_without_an_idempotency_key() -> None:
    signing = {act for act in Act if act.endswith(("_SIGN", "_OPEN", "_SUBMIT"))}
    assert len(signing) == 7
    assert signing <= KEYED


def test_nobody_raises_sends_or_hands_over_twice_because_an_answer_was_lost() -> None:
    assert {
        *(Act.ISSUE_RAISE, Act.ISSUE_ESCALATE, Act.STEP_REFER, Act.CONSENT_GIVE, Act.STEP_RESOLVE, Act.HANDOVER_TAKE),
        *(Act.IDENTITY_DISCLOSE, Act.THEME_OFFER),
    } <= KEYED
