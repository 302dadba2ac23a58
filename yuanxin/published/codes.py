"""Codes that more than one context uses. Values are stored and travel in facts; never renamed."""

from __future__ import annotations

from enum import StrEnum


class Service(StrEnum):
    """Service kind 业务类型."""

    TV = "tv"
    BROADBAND = "broadband"
    MOBILE = "mobile"


class AreaClass(StrEnum):
    """Area class 区域类别 of an address: urban 城镇, rural 农村, remote 偏远."""

    URBAN = "urban"
    RURAL = "rural"
    REMOTE = "remote"


class CustomerClass(StrEnum):
    """Customer class 客户类别: resident 居民, business 单位, vip 重要客户."""

    RESIDENT = "resident"
    BUSINESS = "business"
    VIP = "vip"


class OrderKind(StrEnum):
    """Work-order kind 工单类型: repair 故障, install 新装, move 移机, remove 拆机, patrol 巡检."""

    REPAIR = "repair"
    INSTALL = "install"
    MOVE = "move"
    REMOVE = "remove"
    PATROL = "patrol"


class Segment(StrEnum):
    """Responsible segment 责任段: 装维, 线路, 机房, 工程, 第三方."""

    FIELD = "field"
    LINE = "line"
    HEADEND = "headend"
    PROJECT = "project"
    THIRD_PARTY = "third_party"


class Channel(StrEnum):
    """Contact channel 渠道."""

    PHONE = "phone"
    COUNTER = "counter"
    WECHAT = "wechat"
    APP = "app"
    WEB = "web"
    REGULATOR = "regulator"


class CloseType(StrEnum):
    """Close type 回单类型: fixed 修复, no_fault 无故障, empty_trip 空跑, refused_entry 拒绝入户, taught 教遥控器."""

    FIXED = "fixed"
    NO_FAULT = "no_fault"
    EMPTY_TRIP = "empty_trip"
    REFUSED_ENTRY = "refused_entry"
    TAUGHT = "taught"


class MessageClass(StrEnum):
    """Message class 消息类别; the order is the order of lanes: emergency, promise, notice, marketing."""

    EMERGENCY = "emergency"
    PROMISE = "promise"
    NOTICE = "notice"
    MARKETING = "marketing"


class ClockKind(StrEnum):
    """Clock kind 时钟类别: statutory 法定时钟, assessment 考核时钟."""

    STATUTORY = "statutory"
    ASSESSMENT = "assessment"
