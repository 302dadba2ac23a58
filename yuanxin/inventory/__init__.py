"""inventory 资源与用户: what each customer has, and over which way the signal comes.

Owns: Subscriber 用户 and ProductSpan 在用产品 (both bitemporal: when it held, and when we came to know),
Device 终端设备 and its way DeviceStep 终端流转,
NetworkNode 网络节点 and AddressPath 地址的网络路径 (机房 - OLT/光站 - 光节点 - 放大器 - 分支 - 户).

Tells: ProductsLoaded, ProductSpanOpened, ProductSpanClosed. Hears: nothing.
"""
