"""Instructions in Alpaca form with answers that can be checked, made from the story world's words."""
