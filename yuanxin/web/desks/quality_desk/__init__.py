"""Quality desk 考核: finished orders, what was paid for them, and why."""
