"""parties 客户与地址: who our customers are, where they live and who pays.

Owns: Customer 客户, BillingAccount 账户, Contact 联系人, RealNameRecord 实名记录, Consent 同意, Estate 小区,
Building 楼栋, StandardAddress 标准地址, the search tokens of the one box, and the log of every
personal value shown in clear. The subscriber 用户 (what a customer has) stands in ``inventory`` with keys down to here.

Personal values are masked unless revealed with a reason. What they were before stands in an erasable side table;
the sealed audit never sees them.

Tells: AddressesImported, AddressPointMoved, CustomersLoaded, CustomerRegistered. Hears: nothing.
"""
