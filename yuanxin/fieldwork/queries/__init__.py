"""Reads of field service."""
