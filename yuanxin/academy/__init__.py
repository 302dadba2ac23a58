"""Certificates and skills of staff 培训认证: who may do which work on which day.

Owned words: certificate 证书, skill 技能, level 等级, expiry 到期, need 上岗要求.

Told facts: CertificateExpiring.
Heard facts: none yet.
"""
