"""What can go wrong with a road server. None of it reaches a page: the formula answers instead, and says so."""


class RoadsAddressWrong(ValueError):
    """The setting names no road server."""


class RoadsUnwilling(OSError):
    """The server refused this question, or its answer cannot be believed; another question may do better."""


class RoadsDown(RoadsUnwilling):
    """The server does not answer, or not in time: nobody asks it again for a while."""
