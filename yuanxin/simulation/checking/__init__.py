"""Looking at pages as their readers do: where they lead, and whether a word was left untranslated. Pure."""
