"""Pure arithmetic of customer care: states of tickets and complaints, call-backs, ratings, duplicates."""
