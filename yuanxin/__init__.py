"""Yuanxin 圆心: an open platform for cable operators. ARCHITECTURE.md is the map of its floors."""
