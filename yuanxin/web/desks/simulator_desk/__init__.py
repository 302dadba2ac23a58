"""Simulator desk: what the invented customers find in their message inbox. Only where simulators are on."""
