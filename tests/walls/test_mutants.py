"""With any one stone out of the walls the attack set fails: so it would notice (THREATS A35, issue 2's proof)."""

import asyncpg
import pytest

from tests.walls import test_sight as sight
from tests.walls.attacks import ATTACKS, Attack
from tests.walls.ground import Ground
from tests.walls.issue_attacks import ISSUE_ATTACKS
from tests.walls.mail_attacks import MAIL_ATTACKS
from tests.walls.mutants import Mutant, function_mutants, policy_mutants

EVERY_ATTACK = (
    *ATTACKS,
    *ISSUE_ATTACKS,
    *MAIL_ATTACKS,
    sight.test_nobody_but_the_recipient_can_tell_who_raised_it,
    sight.test_the_joint_room_cannot_tell_whether_a_networks_issue_stands_behind_an_item_of_the_staff_sides_own,
    sight.test_whatever_stays_with_the_staff_side_leaves_nothing_elsewhere,
)


async def _noticed(ground: Ground, order: list[Attack]) -> Attack | None:
    """The first attack that fails. Whichever failed last is tried first, which changes nothing but the time."""
    for attack in order:
        try:
            await attack(ground)
        except (AssertionError, asyncpg.PostgresError):
            order.remove(attack)
            order.insert(0, attack)
            return attack
    return None


async def _survivors(ground: Ground, mutants: list[Mutant]) -> list[str]:
    order, found = list(EVERY_ATTACK), []
    for mutant in mutants:
        async with ground.changed(mutant.loosen, mutant.mend):
            if await _noticed(ground, order) is None:
                found.append(mutant.name)
    return found


@pytest.mark.parametrize("make", [policy_mutants, function_mutants], ids=["row policies", "definer functions"])
async def test_A35_no_loosened_wall_goes_unnoticed(ground: Ground, make: object) -> None:
    mutants = await make(ground.admin)  # type: ignore[operator]
    assert len(mutants) > 50, [mutant.name for mutant in mutants]
    doubled = {mutant.name for mutant in mutants if mutant.doubled is not None}
    survivors = set(await _survivors(ground, mutants))
    assert sorted(survivors - doubled) == [], "nobody noticed"
    assert sorted(doubled - survivors) == [], "noticed, and said to be doubled"
    assert await _noticed(ground, list(EVERY_ATTACK)) is None, "the walls are whole again"
