"""Standards desk 标准: the rulebooks in force, drafts without a number, and what rests on assumption."""
