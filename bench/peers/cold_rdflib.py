"""Load files and answer a query with rdflib alone: cold_rdflib.py QUERY_FILE FILE..."""

import sys
from pathlib import Path

import rdflib

graph = rdflib.Graph()
for path in sys.argv[2:]:
    graph.parse(path)
query = Path(sys.argv[1]).read_text(encoding="utf-8")
sys.stdout.buffer.write(graph.query(query).serialize(format="json") or b"")
