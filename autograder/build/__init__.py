"""Makes `release/` and `solutions/` from `source/`."""
