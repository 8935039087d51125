"""The demo's secret: made once, and readable by its owner alone."""

import stat
from pathlib import Path

import pytest

from service.embedded import EmbeddedFailure, kept_secret
from service.settings import SHORTEST_SECRET


def test_another_user_cannot_read_the_secret(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert len(secret.encode()) >= SHORTEST_SECRET


def test_an_operator_who_starts_again_keeps_the_secret(tmp_path: Path) -> None:
    assert kept_secret(tmp_path) == kept_secret(tmp_path)


def test_two_operators_have_different_secrets(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert kept_secret(tmp_path / "one") != kept_secret(tmp_path / "two")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_an_operator_whose_secret_others_can_read_is_stopped(tmp_path: Path, mode: int) -> None:
    secret = kept_secret(tmp_path)
    (tmp_path / "secret").chmod(mode)
    with pytest.raises(EmbeddedFailure, match="can be read by others") as refusal:
        kept_secret(tmp_path)
    assert secret not in str(refusal.value)


def test_an_operator_whose_secret_is_empty_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0o600)
    with pytest.raises(EmbeddedFailure, match="is empty"):
        kept_secret(tmp_path)
