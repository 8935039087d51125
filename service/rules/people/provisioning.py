"""SCIM 2.0 (RFC 7643, 7644) for what HR keeps: a User is a person who works here, a Group an office of a body.

A User's `userName` is who they are to the issuer that signs them in, its `externalId` the employer's number of the
person; what else a provisioning system sends (addresses, telephones, managers) is not taken. Groups are not made: each
office of each body that HR keeps is one, named after both, and to be its member is to hold that seat. What Microsoft
Entra ID sends beside the specification (capital letters in operations, values to remove) is taken as it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Mutability,
    Patch,
    Required,
    Resource,
    ResourceType,
    Returned,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from service.rules.bodies import Office, Side
from service.rules.people.rows import Body

PAGE_MOST: Final = 200


class User(Resource[Any]):
    """Somebody who works in the organisation."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true, CaseExact.true] = None
    """Who they are to the issuer that signs them in, as its tokens say; not an address that may pass on."""

    display_name: Annotated[str | None, Required.true, CaseExact.true] = None
    """The name that colleagues know them by."""

    active: bool | None = None
    """Whether they work here."""


class Member(ComplexAttribute):
    """A person who holds the office."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The User's id."""


class Group(Resource[Any]):
    """An office of a body that HR keeps."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, CaseExact.true, Mutability.immutable] = None
    """The body's name and the office."""

    members: Annotated[list[Member] | None, Returned.default] = None
    """Who holds it, as HR tells."""


POLICY: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
)
CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=PAGE_MOST),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="An access token of the account of the organisation's HR system.",
            primary=True,
        )
    ],
)
PROVIDER: Final = ScimProvider(
    models=[User, Group],
    resource_types=[ResourceType.from_resource(User), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)


@dataclass(frozen=True, slots=True)
class Post:
    """An office of a body, as a group."""

    body: Body
    side: Side
    office: Office

    @property
    def id(self) -> str:
        """The group's id."""
        return f"{self.body.id.hex}-{self.side.lower()}-{self.office.lower()}"

    @property
    def display_name(self) -> str:
        """The body's name and the office; the side where it is not management's."""
        side = "" if self.side is Side.MANAGEMENT else f", {self.side.lower()}"
        return f"{self.body.local_name}: {self.office.lower().replace('_', ' ')}{side}"

    @property
    def place(self) -> tuple[UUID, Side, Office]:
        """Where its seats are."""
        return self.body.id, self.side, self.office


def posts(bodies: Sequence[Body]) -> Iterator[Post]:
    """Every office that HR keeps in these bodies, by name."""
    for body in sorted(bodies, key=lambda each: (each.local_name, each.id)):
        for side, office in sorted(body.offices):
            yield Post(body, side, office)


def user(row: Mapping[str, Any]) -> User:
    """A person as a resource."""
    return User(
        id=str(row["id"]),
        external_id=row["person_number"],
        user_name=row["subject"],
        display_name=row["display_name"],
        active=row["active"],
    )


def group(post: Post, members: Sequence[str]) -> Group:
    """An office as a resource."""
    return Group(id=post.id, display_name=post.display_name, members=[Member(value=each) for each in members] or None)
