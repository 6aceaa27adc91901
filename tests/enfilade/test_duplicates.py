"""Groups join through third images, from the strongest pair on, and never over what a person parted."""

from hypothesis import given
from hypothesis import strategies as st

from enfilade.duplicates import JOINED, Pair, group_images

SURE, DOUBTFUL = 0.95, 0.5


def groups(*pairs: Pair) -> list[set[int]]:
    return [set(group) for group in group_images(pairs)]


def test_probable_pairs_join_through_third_images_and_doubtful_ones_do_not() -> None:
    assert groups(Pair(1, 2, SURE), Pair(2, 3, JOINED), Pair(3, 4, DOUBTFUL), Pair(5, 9, SURE)) == [{1, 2, 3}, {5, 9}]


def test_what_a_person_said_goes_over_what_was_found() -> None:
    assert groups(
        Pair(1, 2, SURE, decided=False), Pair(3, 4, DOUBTFUL, decided=True), Pair(5, 6, None, decided=True)
    ) == [
        {3, 4},
        {5, 6},
    ]


def test_a_pair_that_was_split_is_parted_where_it_is_weakest() -> None:
    found = [Pair(1, 3, 0.9), Pair(2, 3, 0.99), Pair(1, 2, SURE, decided=False)]
    assert groups(*found) == [{2, 3}]
    assert groups(*found, Pair(1, 4, SURE), Pair(3, 4, 0.85)) == [{1, 4}, {2, 3}]


def test_a_person_who_contradicts_themselves_is_taken_at_their_word_where_they_part() -> None:
    said = Pair(1, 2, None, decided=True), Pair(2, 3, None, decided=True), Pair(1, 3, None, decided=False)
    assert groups(*said) == [{1, 2}]


ids = st.integers(1, 8)
pairs = st.lists(
    st.builds(
        lambda ends, probability, decided: Pair(*sorted(ends), probability, decided),
        st.tuples(ids, ids).filter(lambda ends: ends[0] != ends[1]),
        st.floats(0, 1) | st.none(),
        st.sampled_from([None, None, None, True, False]),
    ),
    unique_by=lambda pair: (pair.source, pair.target),
)


@given(pairs, st.randoms(use_true_random=False))
def test_groups_part_what_must_be_parted_join_what_nothing_parts_and_do_not_depend_on_order(
    found: list[Pair], chance: object
) -> None:
    grouped = group_images(found)
    of = {image_id: group for group in grouped for image_id in group}
    assert sum(map(len, grouped)) == len(of)
    assert all(len(group) > 1 for group in grouped)
    apart = {(pair.source, pair.target) for pair in found if pair.decided is False}
    assert not any(set(pair) <= group for pair in apart for group in grouped)
    for pair in found:
        one, other = (of.get(end, frozenset({end})) for end in (pair.source, pair.target))
        if pair.strength > 0 and one != other:
            assert any(set(split) & one and set(split) & other for split in apart)
    chance.shuffle(found)  # type: ignore[attr-defined]
    assert group_images(found) == grouped
