"""TEXT -> TOKENS: tokenise, fold, stem, sentences; the same code for articles and rules."""
