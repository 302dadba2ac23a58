"""Yuanxin 圆心: one open platform for a cable operator, from headquarters to the grid."""
