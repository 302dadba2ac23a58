"""Driving times from one's own road server, OSRM or Valhalla by URL; remembered by cell, with a marked fallback."""
