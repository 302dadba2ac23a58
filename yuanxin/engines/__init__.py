"""Engines: plain Python and numpy, no Django, no tables. ``routing`` decides who goes where and when."""
