"""WHICH RULES MATCH: percolator, evaluator, explain (prospective search)."""
