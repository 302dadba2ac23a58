"""Administration desk 系统管理: accounts and their roles. One person makes accounts, another gives roles."""
