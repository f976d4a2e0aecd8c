"""`import wikidata`, `diff wikidata`, `reconcile` and `upload`, as a Wikidata editor meets them."""
