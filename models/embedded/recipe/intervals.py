"""How far a share of objects may be off, the photos being drawn anew."""

from __future__ import annotations

import numpy as np

DRAWS = 2000


def share_interval(found: np.ndarray, looked_for: np.ndarray) -> tuple[float, float]:
    """95 % interval of the share found, by a bootstrap over photos. @param found, looked_for a photo each; `found` may be a difference."""
    drawn = np.random.default_rng(0).integers(0, len(found), (DRAWS, len(found)))
    low, high = np.quantile(found[drawn].sum(1) / np.maximum(looked_for[drawn].sum(1), 1), (0.025, 0.975))
    return float(low), float(high)
