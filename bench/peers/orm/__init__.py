"""Strawberry with the SQLAlchemy 2 ORM and DataLoaders, as their documentation teaches: what most teams would write."""
