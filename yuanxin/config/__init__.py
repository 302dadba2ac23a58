"""Configuration: settings by concern, URLs, entry points."""
