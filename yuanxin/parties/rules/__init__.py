"""Pure rules of the parties: coordinates, phone numbers, names, masks, documents, search tokens, address files."""
