"""Desks 工作台: one package per desk, none of them knows another."""
