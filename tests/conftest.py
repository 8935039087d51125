"""What every test may use."""

from hypothesis import settings

pytest_plugins = ["tests.plugins.database", "tests.plugins.service"]

settings.register_profile("quick", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile("quick")
