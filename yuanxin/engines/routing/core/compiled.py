"""One door to numba: with it functions are compiled and cached, without it they stay what they are."""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
njit: Any
try:
    from numba import njit
except ImportError:  # the slower path
    njit = None
IS_COMPILED = njit is not None


def compiled(function: F) -> F:
    """Return the function as machine code that frees the interpreter's lock, or unchanged when numba is missing.

    Such a function makes no array: without the counting of references it runs twice as fast.
    """
    if njit is None:
        return function
    faster: F = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    return faster


def compiled_with_arrays(function: F) -> F:
    """Return the same for a function that makes arrays of its own."""
    if njit is None:
        return function
    faster: F = njit(cache=True, nogil=True, error_model="numpy")(function)
    return faster
