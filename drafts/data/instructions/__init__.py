"""Instructions in Alpaca form about a small world of children, animals and toys, with answers that can be checked."""
