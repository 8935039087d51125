"""Which of GraphQL's two response media types a client prefers (GraphQL over HTTP, section 6).

``application/graphql-response+json`` gives the HTTP status its meaning; ``application/json`` is
what older clients get, with 200 for every well-formed request.
"""

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


EVENTS = "text/event-stream"


def wants_events(accept: str | None) -> bool:
    """Whether a stream of events is what the client would rather have than anything else that it names first."""
    weights = [_weighed(part) for part in (accept or "").lower().split(",")]
    best = max(weight for _, weight in weights)
    return best > 0 and next(media for media, weight in weights if weight == best) == EVENTS


def rather_reads_a_page(accept: str | None) -> bool:
    """Whether a page for people is preferred to JSON; it is where nothing is said."""
    weights = dict(map(_weighed, (accept or "text/html").lower().split(",")))
    return weights.get(JSON, 0.0) <= max(weights.get("text/html", 0.0), weights.get("*/*", 0.0))


def preferred(accept: str | None) -> str:
    """The media type to answer with; plain JSON unless the client asks for the newer one."""
    weights = dict(map(_weighed, (accept or "").lower().split(",")))
    newer = weights.get(GRAPHQL, 0.0)
    return GRAPHQL if newer > 0 and newer >= weights.get(JSON, 0.0) else JSON


def _weighed(part: str) -> tuple[str, float]:
    media, *parameters = (each.strip() for each in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media, float(parameter[2:])
            except ValueError:
                return media, 0.0
    return media, 1.0
