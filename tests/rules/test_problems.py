"""A refusal is a code that does not change and one plain sentence."""

from service.rules.problems import DESCRIPTIONS, Code, Problem


def test_client_finds_every_code_described_in_one_sentence() -> None:
    assert set(DESCRIPTIONS) == set(Code)
    assert all(text.endswith(".") and "\n" not in text for text in DESCRIPTIONS.values())


def test_client_can_rely_on_a_codes_name_being_its_value() -> None:
    assert [code.value for code in Code] == [code.name for code in Code]


def test_chair_sees_a_nested_problem_under_the_field_that_holds_it() -> None:
    problem = Problem(Code.REQUIRED, "This cannot be left blank.", ("title",))
    assert problem.under("options", "0").field == ("options", "0", "title")
    assert problem.field == ("title",)
