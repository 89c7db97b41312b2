"""Media Monitor: feeds -> articles -> hits -> alerts -> deliveries, one straight line."""
