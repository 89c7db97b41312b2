"""RuleSpec -> compiled rules: query grammar, expansion of entities and topics, rule tests."""
