"""Validation reports for people and machines: text, JSON, SARIF, GitHub annotations, HTML, JUnit, Turtle."""
