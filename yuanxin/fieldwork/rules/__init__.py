"""Rules of field service: plain functions and data; time and every number are arguments."""
