"""Doors for machines: positions of telephones, heartbeats of boxes, ends of relayed calls. JSON in, JSON out."""
