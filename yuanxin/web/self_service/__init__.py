"""Self-service 客户自助: the own order through the signed link of a message, without a login."""
