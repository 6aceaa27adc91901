"""Style is which textures go together: where they lie does not matter, nor how strong a layer is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enfilade.backbones import LITE0
from enfilade.descriptors import style
from enfilade.descriptors.style import SKETCH, triangle


def grams(seed: int, n: int = 3, channels: int = 12, positions: int = 40) -> np.ndarray:
    maps = np.random.default_rng(seed).normal(size=(n, channels, positions)).astype(np.float32)
    return maps @ maps.transpose(0, 2, 1)


@given(st.integers(0, 2**32))
def test_angles_between_triangles_are_those_between_whole_matrices(seed: int) -> None:
    whole = grams(seed)
    flat = whole.reshape(len(whole), -1)
    flat = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    halves = triangle(whole)
    assert halves.shape == (3, 12 * 13 // 2)
    np.testing.assert_allclose(halves @ halves.T, flat @ flat.T, atol=1e-5)


def test_a_picture_without_any_texture_has_a_style_too() -> None:
    assert np.isfinite(triangle(np.zeros((1, 4, 4), dtype=np.float32))).all()


def test_every_layer_counts_the_same_however_strong() -> None:
    seen = {layer: grams(number, channels=channels) for number, (layer, channels) in enumerate(LITE0.layers.items())}
    louder = {layer: gram * 10.0**number for number, (layer, gram) in enumerate(seen.items())}
    extractor = style(LITE0)
    features = extractor.features(seen)
    assert features.shape == (3, SKETCH)
    np.testing.assert_allclose(features, extractor.features(louder), atol=1e-4)
    # Each layer's triangle is of unit length, and a sketch keeps lengths on average.
    assert np.linalg.norm(features, axis=1) == pytest.approx(np.full(3, np.sqrt(len(LITE0.layers))), rel=0.1)
