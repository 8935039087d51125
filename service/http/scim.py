"""SCIM 2.0 over HTTP (RFC 7644), for identity providers that keep people in step, under the same sign-in and walls.

Whatever is refused is an Error resource; what is hidden is not found, as what was never there. `/Me`, `/Bulk` and
sorting are not offered, and say so.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import orjson
from pydantic import ValidationError
from scim2_models import (
    Context as ScimContext,
)
from scim2_models import (
    Error,
    ListResponse,
    Meta,
    NotFoundException,
    NotImplementedException,
    PatchOp,
    ResponseParameters,
    SCIMException,
    SearchRequest,
    TooManyException,
)
from starlette.requests import Request
from starlette.responses import Response

from service.execution.errors import RequestFault
from service.http.answering import in_time
from service.http.body import MediaRefused, from_json
from service.resolvers import provisioning
from service.resolvers.context import Context
from service.rules.people.provisioning import CONFIG, PAGE_MOST, POLICY, PROVIDER, Group, User

PATH: Final = "/scim/v2"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
MEDIA: Final = "application/scim+json"
BODY_LIMIT: Final = 1_000_000
LAST: Final = 2**31 - 1
OPERATIONS_MOST: Final = 100
EXPRESSION_MOST: Final = 1_000
"""Characters of a filter or a path: longer ones take the library's grammar too long."""
CHOSEN: Final = frozenset({"attributes", "excludedAttributes"})


class ScimView:
    """All endpoints of SCIM; `context_factory` raises what refuses a request."""

    def __init__(self, context_factory: Callable[[Request], Awaitable[Context]], *, deadline: float = 15.0) -> None:
        """`deadline` in seconds, from the start of the request to its answer."""
        self.context_factory = context_factory
        self.deadline = deadline

    async def answer(self, request: Request) -> Response:
        """What was asked for, or an Error resource."""
        return await in_time(self._answered(request), self.deadline, _fault)

    async def _answered(self, request: Request) -> Response:
        context = await self.context_factory(request)
        try:
            return await _routed(context, request)
        except SCIMException as refused:
            return _error(refused.to_error())
        except ValidationError as wrong:
            return _error(Error.from_validation_errors(wrong)[0])
        finally:
            await context.close()


class _NoSuchMethod(SCIMException):
    """Another method than those that work here."""

    status = 405
    _default_detail = "Nothing answers to this method here."


async def _routed(context: Context, request: Request) -> Response:
    kind, _, id = request.path_params["path"].strip("/").partition("/")
    match request.method, kind, id:
        case "POST", ".search", "":
            return await _Everything(context, request).answer()
        case "GET", "ServiceProviderConfig", "":
            return _json(_dumped(CONFIG))
        case "GET", "Schemas" | "ResourceTypes", _:
            return _discovered(kind, id)
        case _, "Users", _:
            return await _Endpoint(context, request, User, id).answer()
        case _, "Groups", _:
            return await _Endpoint(context, request, Group, id).answer()
        case _, "ServiceProviderConfig" | "Schemas" | "ResourceTypes", _:
            raise _NoSuchMethod
        case _, "Me" | "Bulk", _:
            raise NotImplementedException(detail="This is not offered here.")
    raise NotFoundException(detail="There is no such endpoint.")


def _discovered(kind: str, id: str) -> Response:
    """The schemas and kinds of resource that are served here."""
    found: list[Any] = list(PROVIDER.schemas if kind == "Schemas" else PROVIDER.resource_types)
    if not id:
        return _listed([_dumped(each) for each in found], len(found))
    for each in found:
        if id in (each.id, getattr(each, "name", None)):
            return _json(_dumped(each))
    raise NotFoundException(detail="There is no such thing.")


def _listed(resources: list[dict[str, Any]], total: int, start: int = 1) -> Response:
    head = {"totalResults": total, "startIndex": start, "itemsPerPage": len(resources)}
    return _json({"schemas": [str(ListResponse.__schema__)], **head, "Resources": resources})


async def _body(request: Request) -> Any:
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media not in (MEDIA, "application/json"):
        raise MediaRefused(f"Send {MEDIA}.", rule="content-type")
    return from_json(await request.body())


def _short(given: Any) -> Any:
    """What is said, where no text of it is too long to be read as a filter or a path. Raises TooManyException."""
    for value in given.values() if isinstance(given, dict) else ():
        if isinstance(value, str) and len(value) > EXPRESSION_MOST:
            raise TooManyException(detail=f"This has at most {EXPRESSION_MOST} characters.")
    return given


def _few(patch: Any) -> Any:
    """A patch that can be read and applied while others wait. Raises TooManyException."""
    said = patch.items() if isinstance(patch, dict) else ()
    for operations in (value for key, value in said if key.lower() == "operations" and isinstance(value, list)):
        if len(operations) > OPERATIONS_MOST:
            raise TooManyException(detail=f"A patch has at most {OPERATIONS_MOST} operations.")
        for each in operations:
            _short(each)
    return patch


def _page(given: Any) -> tuple[int, int]:
    """From which resource on, counted from 1, and how many."""
    count = PAGE_MOST if given.count is None else min(max(given.count, 0), PAGE_MOST)
    return min(max(given.start_index or 1, 1), LAST), count


class _Everything:
    """Users, and after them groups, in one list."""

    def __init__(self, context: Context, request: Request) -> None:
        self.users, self.groups = (_Endpoint(context, request, each, "") for each in (User, Group))
        self.context, self.request = context, request

    async def answer(self) -> Response:
        """One page of both."""
        said = _short(await _body(self.request))
        given = SearchRequest[User | Group].model_validate(said, scim_ctx=ScimContext.SEARCH_REQUEST)
        start, count = _page(given)
        node = None if given.filter is None else given.filter.ast
        page = await provisioning.users(self.context, node, start, count)
        groups = await provisioning.groups(self.context, node) if provisioning.finds_groups(node) else []
        skip = max(start - 1 - page.total, 0)
        rest = groups[skip : skip + count - len(page.resources)]
        found = [_dumped(self.users.placed(each), given) for each in page.resources]
        found += [_dumped(self.groups.placed(each), given) for each in rest]
        return _listed(found, page.total + len(groups), start)


class _Endpoint:
    """Users or groups: one of them by its id, or all."""

    def __init__(self, context: Context, request: Request, model: type[User] | type[Group], id: str) -> None:
        self.context, self.request, self.model, self.id = context, request, model, id

    async def answer(self) -> Response:
        """By method and place."""
        ways = {
            ("GET", False): self._list,
            ("GET", True): self._read,
            ("POST", False): self._create,
            ("PUT", True): self._replace,
            ("PATCH", True): self._patch,
            ("DELETE", True): self._delete,
        }
        if (self.request.method, self.id) == ("POST", ".search"):
            return await self._list()
        way = ways.get((self.request.method, bool(self.id)))
        if way is None:
            raise _NoSuchMethod
        self.chosen()  # what cannot be answered so is not done either
        return await way()

    def chosen(self) -> Any:
        """Which attributes are asked for. Raises ValidationError."""
        said = _short({key: value for key, value in self.request.query_params.items() if key in CHOSEN})
        return ResponseParameters[self.model].model_validate(said)  # type: ignore[name-defined]

    async def _read(self) -> Response:
        found: User | Group = (
            await provisioning.one_user(self.context, self.id)
            if self.model is User
            else await provisioning.one_group(self.context, self.id)
        )
        return self._resource(found, ScimContext.RESOURCE_QUERY_RESPONSE)

    async def _list(self) -> Response:
        said = _short(dict(self.request.query_params) if self.request.method == "GET" else await _body(self.request))
        given = SearchRequest[self.model].model_validate(said, scim_ctx=ScimContext.SEARCH_REQUEST)  # type: ignore[name-defined]
        start, count = _page(given)
        node = None if given.filter is None else given.filter.ast
        found: Sequence[User | Group]
        if self.model is User:
            page = await provisioning.users(self.context, node, start, count)
            found, total = page.resources, page.total
        else:
            groups = await provisioning.groups(self.context, node)
            found, total = groups[start - 1 : start - 1 + count], len(groups)
        return _listed([_dumped(self.placed(each), given) for each in found], total, start)

    async def _create(self) -> Response:
        said = self.model.model_validate(
            await _body(self.request), scim_ctx=ScimContext.RESOURCE_CREATION_REQUEST, scim_policy=POLICY
        )
        if isinstance(said, Group):
            await provisioning.create_group(self.context, said)
        assert isinstance(said, User)
        made = await provisioning.create_user(self.context, said)
        return self._resource(made, ScimContext.RESOURCE_CREATION_RESPONSE, 201)

    async def _replace(self) -> Response:
        said: Any = self.model.model_validate(
            await _body(self.request), scim_ctx=ScimContext.RESOURCE_REPLACEMENT_REQUEST, scim_policy=POLICY
        )

        def change(resource: Any) -> None:
            said.replace(resource)
            for name in type(resource).model_fields:
                setattr(resource, name, getattr(said, name))

        return self._resource(await self._changed(change), ScimContext.RESOURCE_REPLACEMENT_RESPONSE)

    async def _patch(self) -> Response:
        said = _few(await _body(self.request))
        patch = PatchOp[self.model].model_validate(  # type: ignore[name-defined]
            said, scim_ctx=ScimContext.RESOURCE_PATCH_REQUEST, scim_policy=POLICY
        )
        changed = await self._changed(lambda resource: patch.patch(resource, POLICY))
        return self._resource(changed, ScimContext.RESOURCE_PATCH_RESPONSE)

    async def _changed(self, change: Callable[[Any], object]) -> User | Group:
        if self.model is User:
            return await provisioning.change_user(self.context, self.id, change)
        return await provisioning.change_group(self.context, self.id, change)

    async def _delete(self) -> Response:
        if self.model is User:
            await provisioning.delete_user(self.context, self.id)
        else:
            # an office of a body stays; that nobody holds it any more is what was meant
            await provisioning.change_group(self.context, self.id, _emptied)
        return Response(status_code=204)

    def placed(self, resource: User | Group) -> User | Group:
        """The same, with the address at which it is found."""
        name = "User" if self.model is User else "Group"
        location = f"{str(self.request.base_url).rstrip('/')}{PATH}/{name}s/{resource.id}"
        resource.meta = Meta(resource_type=name, location=location)
        return resource

    def _resource(self, resource: User | Group, context: ScimContext, status: int = 200) -> Response:
        placed = self.placed(resource)
        assert placed.meta is not None
        headers = {"Location": str(placed.meta.location)}
        return _json(_dumped(placed, self.chosen(), context), status, headers)


def _emptied(resource: Group) -> None:
    resource.members = None


def _dumped(
    resource: Any, chosen: Any = None, context: ScimContext = ScimContext.RESOURCE_QUERY_RESPONSE
) -> dict[str, Any]:
    dumped: dict[str, Any] = resource.model_dump(scim_ctx=context, response_parameters=chosen)
    return dumped


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, MEDIA)


def _error(error: Error) -> Response:
    return _json(error.model_dump(), int(error.status or 400))


def _fault(fault: RequestFault) -> Response:
    error = Error(status=fault.status, detail=fault.message)
    return _json(error.model_dump(), fault.status, fault.headers)
