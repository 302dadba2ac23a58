"""The living city: customers call, the network fails, desks and technicians work, at any speed, through the doors."""
