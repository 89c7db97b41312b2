"""The stored articles as a workshop: search, replay of rules, the life of an article."""
