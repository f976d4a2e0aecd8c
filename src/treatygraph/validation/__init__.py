"""SHACL validation that runs where the data is: shapes become SPARQL, and only findings come back."""

from treatygraph.validation.engine import validate
from treatygraph.validation.findings import Finding, Report
from treatygraph.validation.model import Location, ShapesGraph
from treatygraph.validation.source import read_shapes

__all__ = ["Finding", "Location", "Report", "ShapesGraph", "read_shapes", "validate"]
