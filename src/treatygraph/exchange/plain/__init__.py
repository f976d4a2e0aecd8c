"""Plain exports: RDF, JSON-LD, tables, maps, networks and their descriptions. Same graph, same bytes."""
