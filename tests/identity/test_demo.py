"""The demo's issuer is nobody's outside the demo, and its key is its owner's alone."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

import service
from service.identity.demo import ISSUER, KEY_FILE, DemoIsOff, DemoIssuer, KeyFileRefused, _write_once
from service.identity.refusals import RefusalReason, TokenRefused
from service.identity.tokens import TokenVerifier
from tests.identity.issuing import at_once, refused, trusted

ROOT = Path(service.__file__).parents[1]


def demo(folder: Path, audience: str = "partnership") -> DemoIssuer:
    return DemoIssuer(folder, audience, demo=True)


async def reason(verifier: TokenVerifier, token: str) -> RefusalReason:
    with pytest.raises(TokenRefused) as caught:
        await verifier.verify(token)
    return caught.value.reason


def test_outsider_cannot_make_the_demo_issuer_where_the_demo_is_off(tmp_path: Path) -> None:
    with pytest.raises(DemoIsOff):
        DemoIssuer(tmp_path / "data", "partnership", demo=False)
    assert list(tmp_path.iterdir()) == []


def test_outsider_with_a_demo_token_is_refused_where_the_demo_is_off(tmp_path: Path) -> None:
    assert refused(demo(tmp_path).issue("management-chair"), trusted()) is RefusalReason.ISSUER_UNKNOWN


@pytest.mark.asyncio
async def test_outsider_with_another_demos_token_is_refused(tmp_path: Path) -> None:
    here, there = demo(tmp_path / "here"), demo(tmp_path / "there")
    verifier = TokenVerifier([here.trusted()])
    assert await reason(verifier, there.issue("management-chair")) is RefusalReason.KEY_UNKNOWN
    other_audience = demo(tmp_path / "here", "other").issue("management-chair")
    assert await reason(verifier, other_audience) is RefusalReason.AUDIENCE_OTHER
    assert await reason(verifier, here.issue("management-chair", lifetime=-timedelta(hours=1))) is RefusalReason.EXPIRED


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_another_user_of_the_machine_cannot_read_the_key(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        demo(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_key_that_others_could_read_is_not_used(tmp_path: Path, mode: int) -> None:
    demo(tmp_path)
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(KeyFileRefused, match="owner alone"):
        demo(tmp_path)


def test_key_behind_a_link_is_not_used(tmp_path: Path) -> None:
    demo(tmp_path / "real")
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "real" / KEY_FILE)
    with pytest.raises(KeyFileRefused):
        demo(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[", '{"kty":"EC"}', "\N{SNOWMAN}"])
def test_broken_key_file_is_named_and_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / KEY_FILE
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileRefused, match=KEY_FILE):
        demo(tmp_path)
    assert path.read_text(encoding="utf-8") == content


def test_process_that_comes_second_keeps_the_firsts_key(tmp_path: Path) -> None:
    first = demo(tmp_path).issue("network-chair")
    _write_once(tmp_path / KEY_FILE, ECKey.generate_key("P-256"))
    assert at_once(TokenVerifier([demo(tmp_path).trusted()]).verify(first)).subject == "network-chair"
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_two_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    made = "from pathlib import Path; from service.identity.demo import DemoIssuer; import sys;"
    made += "print(DemoIssuer(Path(sys.argv[1]), 'a', demo=True).issue('hr-service', service=True))"
    command = [sys.executable, "-c", made, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    tokens = [process.communicate()[0].strip() for process in running]
    verifier = TokenVerifier([demo(tmp_path, "a").trusted()])
    for token in tokens:
        assert at_once(verifier.verify(token)).service
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.asyncio
async def test_persona_is_named_by_the_demo_issuer(tmp_path: Path) -> None:
    issuer = demo(tmp_path)
    who = await TokenVerifier([issuer.trusted()]).verify(issuer.issue("network-chair", lifetime=timedelta(hours=2)))
    assert (who.issuer, who.subject, who.service) == (ISSUER, "network-chair", False)
    assert timedelta(hours=1, minutes=59) < who.expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert not issuer.trusted().keys.keys[issuer._key_id].is_private  # type: ignore[attr-defined]
