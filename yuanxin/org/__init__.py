"""Organisation 组织: headquarters, province, city, district, grid 网格, crew 班组; staff, roles and what they may see.

Owned words: OrgUnit 组织单元, Staff 员工, Role 角色, RoleGrant 授权.
"""
