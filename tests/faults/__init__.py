"""Kill tests: processes and the database die, nothing is lost and nothing happens twice."""
