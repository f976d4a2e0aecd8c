"""Benchmarks: a generator of realistic treaty data, and measurements against other tools."""
