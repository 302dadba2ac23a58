"""Ledger 账本: double entry. Accounts, balanced postings, reversals; it knows nobody.

Owned words: account 分户账, chart of accounts 科目表, transaction 记账凭证, posting 分录, debit 借, credit 贷,
house account 内部户, shard 分片, reversal 冲正.

A posting is signed: a debit is positive, a credit negative, and the lines of a transaction sum to zero. Nothing is
ever changed or removed; a mistake is reversed by a second transaction. Texts are codes and references, never names.
A house account that everybody posts to is split into shards, so that posters do not wait for each other; its balance
is the sum of its shards. How many shards an account has stands in ``chart.yaml``.

Tells no facts and hears none: who posts tells what it means.
"""
