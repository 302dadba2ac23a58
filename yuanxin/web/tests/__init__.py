"""Stories of the web."""
