"""The kinds of columns, and what is the same for all parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK_HOUSEHOLDS = 256
NO_FIGURE = -(2**31)  # a performance that is not known yet

Ints = NDArray[np.integer[Any]]
Money = NDArray[np.int64]
Dates = NDArray[np.datetime64]
Moments = NDArray[np.datetime64]  # minutes, UTC
Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]
