"""Of the images that show one work, a path may show one, and each stop."""

import numpy as np

from enfilade.paths import Limits, path_graph, spare_images

GRAPH = path_graph(np.array([1, 2, 3, 4, 5]), np.array([2, 3, 4, 5, 6]), np.ones(5))
GROUPS = [(1, 2), (3, 5, 6), (70, 80)]


def test_the_first_that_may_be_shown_is_kept() -> None:
    assert spare_images(GRAPH, GROUPS, Limits(), [4]) == {2, 5, 6, 70, 80}
    assert spare_images(GRAPH, GROUPS, Limits(avoid=(1, 3)), [4]) == {1, 3, 6, 70, 80}
    allowed = np.isin(GRAPH.ids, [2, 6])
    assert spare_images(GRAPH, GROUPS, Limits(allowed=allowed), [4]) == {1, 3, 5, 70, 80}


def test_stops_are_kept_and_no_other_of_their_work() -> None:
    assert spare_images(GRAPH, GROUPS, Limits(), [2, 6]) == {1, 3, 5, 70, 80}
    assert spare_images(GRAPH, GROUPS, Limits(), [5, 6]) == {2, 3, 70, 80}


def test_without_groups_nothing_is_spared() -> None:
    assert spare_images(GRAPH, [], Limits(), [1]) == set()
