"""The attack set against the walls as they are (THREATS D3, F10, A17, A19, A35)."""

import pytest

from tests.walls.attacks import ATTACKS, Attack
from tests.walls.ground import Ground
from tests.walls.issue_attacks import ISSUE_ATTACKS
from tests.walls.mail_attacks import MAIL_ATTACKS


@pytest.mark.parametrize("attack", ATTACKS + ISSUE_ATTACKS + MAIL_ATTACKS, ids=lambda attack: attack.__name__)
async def test_D3_F10_any_sql_as_the_service(ground: Ground, attack: Attack) -> None:
    await attack(ground)
