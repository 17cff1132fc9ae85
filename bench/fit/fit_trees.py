"""Fits boosted regression trees for bench/fit/tree-fitter.ts.

Answers every job on standard input with one line of JSON on standard output. A job is a line of
JSON, {"rows": n, "columns": m, "seed": s}, then n * (m + 1) little-endian doubles: per row its
inputs and its target. Features, templates and score models are computed in TypeScript only.
"""

import os

# Set before numpy is loaded: sums in another order would give other trees.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import platform
import sys
from typing import Any, BinaryIO

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

Floats = NDArray[np.float64]

# Inputs lie on this grid (see tree-fitter.ts).
GRID = 1e-6


def regressor(seed: int) -> HistGradientBoostingRegressor:
    """Small trees with few inputs each: marks are noisy, and most words have the best one."""
    return HistGradientBoostingRegressor(
        random_state=seed,
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=60,
        l2_regularization=20,
        max_features=0.3,
        early_stopping=False,
    )


def threshold_between(value: float) -> float:
    """Moves a threshold half-way between two points of the grid.

    The same inputs go left, and no rounding error of another program takes one across.
    """
    return round(float(np.floor(value / GRID + 1e-4)) * GRID + GRID / 2, 7)


def tree(nodes: NDArray[Any]) -> dict[str, list[float]]:
    """One tree as parallel arrays, see src/scoring/model/tree-ensemble.ts."""
    leaf = nodes["is_leaf"].astype(bool)
    thresholds = zip(leaf, nodes["num_threshold"], strict=True)
    values = zip(leaf, nodes["value"], strict=True)
    return {
        "feature": np.where(leaf, -1, nodes["feature_idx"].astype(int)).tolist(),
        "threshold": [0 if end else threshold_between(value) for end, value in thresholds],
        "left": np.where(leaf, 0, nodes["left"].astype(int)).tolist(),
        "right": np.where(leaf, 0, nodes["right"].astype(int)).tolist(),
        "value": [round(float(value), 8) if end else 0 for end, value in values],
        "cover": nodes["count"].astype(int).tolist(),
    }


def fit(inputs: Floats, targets: Floats, seed: int) -> dict[str, Any]:
    """The ensemble, and what scikit-learn predicts with it, for the check in TypeScript."""
    model = regressor(seed).fit(inputs, targets)
    return {
        "base": float(np.ravel(model._baseline_prediction)[0]),
        "trees": [tree(stage[0].nodes) for stage in model._predictors],
        "predictions": model.predict(inputs).tolist(),
    }


def read_matrix(stream: BinaryIO, rows: int, columns: int) -> Floats:
    """Reads rows * columns doubles; fails where the stream ends before."""
    size = rows * columns * 8
    data = stream.read(size)
    if len(data) != size:
        raise EOFError(f"expected {size} bytes of a matrix, got {len(data)}")
    return np.frombuffer(data, dtype="<f8").reshape(rows, columns)


def main() -> None:
    """Names the versions first, then serves jobs until standard input ends."""
    versions = {
        "python": platform.python_version(),
        "scikitLearn": sklearn.__version__,
        "numpy": np.__version__,
    }
    print(json.dumps(versions), flush=True)
    stream = sys.stdin.buffer
    while line := stream.readline():
        job = json.loads(line)
        matrix = read_matrix(stream, job["rows"], job["columns"] + 1)
        print(json.dumps(fit(matrix[:, :-1], matrix[:, -1], job["seed"])), flush=True)


if __name__ == "__main__":
    main()
