"""How much one client may ask before it is told to wait (THREATS C17)."""

import pytest

from service.execution.errors import RateLimited
from service.http.allowance import Allowance


def test_C17_a_noisy_client_is_told_when_to_come_back_and_nobody_else_is() -> None:
    allowance = Allowance(3)
    for _ in range(3):
        allowance.spend("issuer", "noisy")
    with pytest.raises(RateLimited) as refused:
        allowance.spend("issuer", "noisy")
    assert 1 <= refused.value.retry_after <= 60
    allowance.spend("issuer", "quiet")
    allowance.spend("another issuer", "noisy")


def test_C17_with_no_limit_set_nobody_is_refused() -> None:
    allowance = Allowance(0)
    for _ in range(5000):
        allowance.spend("issuer", "subject")
