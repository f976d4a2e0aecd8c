"""Invented treaty data in treatygraph's ontology: states, territories, treaties and what they did."""
