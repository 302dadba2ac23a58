"""Sign-in 登录: by 工号 or phone and password, a second factor for administrators, 企业微信 through a port.

Five failures of one account from one address in 15 minutes lock that pair, never the account.
"""
