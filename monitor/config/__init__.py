"""The only reader of TOML: text -> positions -> model values; errors with file, line, column."""
