"""Tests of delivery: the feed, the hub, and what goes out."""
