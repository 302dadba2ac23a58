"""Pure rules of the inventory: the network path."""
