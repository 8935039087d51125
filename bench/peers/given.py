"""What every peer is told when it starts, and how it knows its one caller: a look-up, as ours remembers a token."""

import os
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service.access.proofs import enter_proof, now_micros

SESSION: Final = {"jit": "off", "timezone": "UTC"}


@dataclass(frozen=True, slots=True)
class Given:
    """The environment of a peer's process."""

    url: str
    key: bytes
    port: int
    pool: int
    name: str
    accounts: dict[str, UUID]

    @property
    def session(self) -> dict[str, str]:
        """The settings of each of its database connections; its name is how its backends are found."""
        return {**SESSION, "application_name": self.name}

    def proof(self, account: UUID, backend: int) -> tuple[int, str]:
        """When, and the proof, for entering as an account on a backend."""
        made = now_micros()
        return made, enter_proof(self.key, account, None, False, backend, made)


def given() -> Given:
    """Read the environment."""
    env = os.environ
    return Given(
        url=env["BENCH_DATABASE_URL"],
        key=bytes.fromhex(env["BENCH_PROOF_KEY"]),
        port=int(env["BENCH_PORT"]),
        pool=int(env["BENCH_POOL"]),
        name=env["BENCH_NAME"],
        accounts={f"Bearer {env['BENCH_TOKEN']}": UUID(env["BENCH_ACCOUNT"])},
    )
