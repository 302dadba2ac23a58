"""Management of the simulation."""
