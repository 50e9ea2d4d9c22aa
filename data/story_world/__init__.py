"""Stories from a small world in which things have places, owners and states, and events have causes."""
