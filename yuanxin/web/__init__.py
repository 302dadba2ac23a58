"""Everything that speaks HTTP to people or machines: desks, phone pages, sign-in, words in both languages.

A view parses, calls one door or a few, and renders. Pages never touch a context's tables.
"""
