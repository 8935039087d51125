"""Rooms, seats, powers, the viewer and its connection: the only way to data."""
