"""The lots of a snapshot that time makes worth less: those that expire, and those that a warehouse charges for their age."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lots:
    """k lots that hold something. All but `row` are float64 (k,); NaN means "none", or "unknown" where it says so.

    `row` the snapshot's row that the lot counts for; `age` in days; `qty` units that are left in it and can be sold; `expires_in` days
    until it expires, below 0 where it has. Of lots that lie where age is charged: `charged_from`, the first day of age that costs
    something, `assessed_in`, days until the lot is charged next, from 1 on, and `charge`, what a unit costs then, in the base currency;
    NaN where unknown.
    """

    row: NDArray[np.int64]
    age: FloatArray
    qty: FloatArray
    expires_in: FloatArray
    charged_from: FloatArray
    assessed_in: FloatArray
    charge: FloatArray

    def __len__(self) -> int:
        return len(self.row)

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Lots:
        """Some of the lots, in the order given; copies, and read-only."""
        taken = [getattr(self, name)[chosen] for name in LOT_ARRAYS]
        for array in taken:
            array.flags.writeable = False
        return Lots(*taken)


#: Names of the arrays, in the order of the class.
LOT_ARRAYS: Final = tuple(f.name for f in fields(Lots))


def no_lots() -> Lots:
    """Of a snapshot in which nothing expires and no age is charged."""
    row, numbers = np.zeros(0, np.int64), np.zeros(0, np.float64)
    for array in (row, numbers):
        array.flags.writeable = False
    return Lots(row, numbers, numbers, numbers, numbers, numbers, numbers)
