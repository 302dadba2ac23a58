"""Other people's optimisers behind our own interface: the proof that we are not fooling ourselves.

PyVRP, VROOM and OR-Tools come with the extra ``peers`` (``./run packages peers``) and are never needed to run the
platform. Each gets what it can express: places, work, windows cut at the instant from which a start would be late,
skills, consumable parts, priorities. What comes back goes through the one scheduler (``repair``), so that every plan
keeps every hard rule and is priced like our own.
"""
