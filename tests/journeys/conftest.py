"""What counts a whole run runs last."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The table of refusals is compared once every journey of this folder has run."""
    last = [item for item in items if item.name == "test_the_refusals_of_a_whole_run_are_exactly_the_table"]
    items[:] = [*(item for item in items if item not in last), *last]
