"""The rules of partnership working: pure, total functions over plain values.

Nothing here reads a clock, a database or a setting: the moment is an argument, the figures are dated
data with their source, and every `*_problems` function lists why an act cannot be done (empty: it can).
"""
