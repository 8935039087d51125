"""Tables and SQL, one file for each capability. Every table is known once this is imported."""

from service.db import issue_tables as issue_tables
from service.db import tables as tables
