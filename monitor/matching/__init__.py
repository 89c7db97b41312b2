"""WHICH RULES MATCH: presearcher, evaluator, percolator, explain (prospective search)."""
