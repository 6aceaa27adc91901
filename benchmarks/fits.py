"""Fit recipes on one sample and place another by them, without a database."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.variants import Beside
from enfilade.evaluation.directions import unit_rows
from enfilade.pca import PrincipalComponents, Projection
from enfilade.placing import Placer
from enfilade.spaces import SpaceRecipe, join_parts
from ingest.evaluating import Sample

__all__ = ["Fits"]

MOST = 320
"""Dimensions of the widest recipe. One fit serves the narrower ones: their components are the first of its own."""


class Fits:
    """Projections fitted on a sample, one for each choice of parts."""

    def __init__(self, fitted_on: Sample) -> None:
        self._fitted_on = fitted_on
        self._projections: dict[str, Projection] = {}

    def place(self, recipe: SpaceRecipe | Beside, sample: Sample) -> NDArray[np.float32]:
        """Place the pictures of a sample: (n, at most the recipe's dimensions), rows of unit length."""
        if isinstance(recipe, Beside):
            places = [self.place(recipe.first, sample), self.place(recipe.second, sample) * np.float32(recipe.weight)]
            return unit_rows(np.concatenate(places, axis=1, dtype=np.float64))
        whole = self._projection(recipe)
        first = {name: getattr(whole, name)[: recipe.dimensions] for name in ("components", "scales", "explained")}
        return Placer(replace(whole, **first), recipe.whitening).place(_features(recipe, sample))

    def _projection(self, recipe: SpaceRecipe) -> Projection:
        key = replace(recipe, dimensions=MOST, whitening=0.0).recipe_hash
        if key not in self._projections:
            features = _features(recipe, self._fitted_on)
            components = PrincipalComponents(features.shape[1])
            components.add(features)
            self._projections[key] = components.fit(MOST)
        return self._projections[key]


def _features(recipe: SpaceRecipe, sample: Sample) -> NDArray[np.float32]:
    return join_parts(recipe.as_dict()["parts"], sample.of(recipe.extractors))
