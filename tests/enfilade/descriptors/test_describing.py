"""Several descriptors share one look at a picture, and tell of it what each would tell alone."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from enfilade.backbones import LITE0
from enfilade.descriptors import Describing, OpenEncoders, colour, content, recall_extractor, style
from enfilade.encoders import Encode, Encoder
from enfilade.errors import BackboneError

EXTRACTORS = (content(LITE0), style(LITE0), colour())


@pytest.fixture(scope="module")
def pictures(gallery: Path) -> list[Image.Image]:
    return [Image.open(file).convert("RGB") for file in sorted(gallery.glob("*.jpg"))[:34]]


class Counting(OpenEncoders):
    """Counts how often each encoder looks."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.looks = Counter[Encoder]()

    def encode(self, encoder: Encoder, pixels: np.ndarray) -> Encode:
        self.looks[encoder] += 1
        return super().encode(encoder, pixels)


def test_the_network_runs_once_for_content_and_style(home: Path, pictures: list[Image.Image]) -> None:
    encoders = Counting(home)
    describing = Describing(EXTRACTORS, encoders)
    features = describing.describe([describing.prepare(picture) for picture in pictures])
    assert [block.shape for block in features] == [(34, extractor.dimensions) for extractor in EXTRACTORS]
    assert list(encoders.looks.values()) == [1, 1]


def test_a_picture_is_described_the_same_alone_and_in_company(home: Path, pictures: list[Image.Image]) -> None:
    encoders = OpenEncoders(home)
    together = Describing(EXTRACTORS, encoders)
    features = together.describe([together.prepare(picture) for picture in pictures])
    for number in range(len(EXTRACTORS)):
        alone = together.only([number])
        for index in (0, 33):
            (one,) = alone.describe([alone.prepare(pictures[index])])
            # A Gram matrix may differ in its last bit, and then its half precision too.
            np.testing.assert_allclose(one[0], features[number][index], rtol=2e-3, atol=1e-6)


def test_no_pictures_have_no_features(home: Path) -> None:
    assert [block.shape for block in Describing(EXTRACTORS, OpenEncoders(home)).describe([])] == [
        (0, extractor.dimensions) for extractor in EXTRACTORS
    ]


def test_an_extractor_is_found_again_by_its_recipe(home: Path) -> None:
    for extractor in EXTRACTORS:
        again = recall_extractor(extractor.recipe, home)
        assert (again.name, again.recipe_hash) == (extractor.name, extractor.recipe_hash)


def test_a_recipe_that_this_version_would_not_follow_is_refused(home: Path) -> None:
    with pytest.raises(BackboneError, match="another network or preparation"):
        recall_extractor({**EXTRACTORS[1].recipe, "gram": "lower triangle"}, home)
    with pytest.raises(BackboneError, match="no descriptor"):
        recall_extractor({**EXTRACTORS[2].recipe, "descriptor": "smell"}, home)
