"""Same copy, same story? Pure: what is known comes in, decisions with their reasons come out."""
