"""Wikidata exchange: statements in one neutral model, written and read in every format its tools accept."""
