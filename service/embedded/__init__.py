"""PostgreSQL that comes with the service: a new machine needs nothing but Python (issue 2, "two commands")."""

from service.embedded.bootstrap import DATABASE, bootstrap, create_database
from service.embedded.failure import EmbeddedFailure, InUse
from service.embedded.secret import kept_secret
from service.embedded.server import EmbeddedPostgres, running_url

__all__ = [
    "DATABASE",
    "EmbeddedFailure",
    "EmbeddedPostgres",
    "InUse",
    "bootstrap",
    "create_database",
    "kept_secret",
    "running_url",
]
