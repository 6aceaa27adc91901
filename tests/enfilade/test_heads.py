from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.heads import Head, apply, set_beside

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from([(12, 5), (12, 9, 5), (12, 7, 7, 3)])


def a_head(seed: int, sizes: tuple[int, ...] = (12, 9, 5)) -> Head:
    rng = np.random.default_rng(seed)
    return Head(
        weights=tuple(rng.normal(size=(taken, given)).astype(np.float32) for taken, given in pairwise(sizes)),
        biases=tuple(rng.normal(size=given).astype(np.float32) for given in sizes[1:]),
    )


def some_rows(seed: int, n: int = 40) -> NDArray[np.float32]:
    rows: NDArray[np.float64] = np.random.default_rng(seed).normal(size=(n, 12))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


@given(SEEDS, SIZES)
def test_rows_come_out_with_unit_length(seed: int, sizes: tuple[int, ...]) -> None:
    placed = apply(a_head(seed, sizes), some_rows(seed))
    assert placed.dtype == np.float32
    assert placed.shape == (40, sizes[-1])
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-6)


@given(SEEDS, SIZES)
def test_a_head_does_what_torchs_own_layers_do(seed: int, sizes: tuple[int, ...]) -> None:
    head, rows = a_head(seed, sizes), some_rows(seed)
    taken = torch.from_numpy(rows)
    for layer, (weight, bias) in enumerate(zip(head.weights, head.biases, strict=True)):
        before = torch.nn.functional.gelu(taken, approximate="tanh") if layer else taken
        taken = torch.nn.functional.linear(before, torch.from_numpy(weight.T.copy()), torch.from_numpy(bias))
    expected = torch.nn.functional.normalize(taken, dim=1).numpy()
    np.testing.assert_allclose(apply(head, rows), expected, atol=1e-5)


@given(SEEDS, st.integers(0, 39))
def test_a_row_lands_alone_where_it_landed_among_others(seed: int, row: int) -> None:
    head, rows = a_head(seed), some_rows(seed)
    np.testing.assert_allclose(apply(head, rows[row : row + 1])[0], apply(head, rows)[row], rtol=0, atol=1e-7)
    np.testing.assert_allclose(
        set_beside(head, rows[row : row + 1], frozen=4, share=0.5)[0],
        set_beside(head, rows, frozen=4, share=0.5)[row],
        rtol=0,
        atol=1e-7,
    )


def test_more_rows_than_a_block_holds_are_all_placed() -> None:
    head, rows = a_head(0), some_rows(0, n=4100)
    np.testing.assert_allclose(apply(head, rows)[4090:], apply(head, rows[4090:]), rtol=0, atol=1e-7)


def test_no_rows_give_no_rows() -> None:
    assert apply(a_head(0), some_rows(0, n=0)).shape == (0, 5)
    assert set_beside(a_head(0), some_rows(0, n=0), frozen=4, share=0.5).shape == (0, 9)


def test_a_row_without_direction_becomes_the_first_basis_vector() -> None:
    nothing = Head(weights=(np.zeros((12, 3), np.float32),), biases=(np.zeros(3, np.float32),))
    assert apply(nothing, some_rows(0, n=1)).tolist() == [[1, 0, 0]]


@given(SEEDS, st.floats(0, 1), st.integers(1, 12))
def test_the_cosine_beside_is_the_mean_of_both_cosines_by_share(seed: int, share: float, frozen: int) -> None:
    head, rows = a_head(seed), some_rows(seed)
    kept = rows[:, :frozen] / np.linalg.norm(rows[:, :frozen], axis=1, keepdims=True)
    headed = apply(head, rows)
    beside = set_beside(head, rows, frozen=frozen, share=share)
    assert beside.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(beside, axis=1), 1, atol=1e-6)
    expected = (1 - share) * kept @ kept.T + share * headed @ headed.T
    np.testing.assert_allclose(beside @ beside.T, expected, atol=1e-5)


def test_a_collection_with_fewer_coordinates_than_are_to_be_kept_keeps_all_it_has() -> None:
    assert set_beside(a_head(0), some_rows(0), frozen=192, share=0.5).shape == (40, 12 + 5)


@given(SEEDS, SIZES)
def test_a_head_written_to_an_archive_among_others_arrays_is_read_back_the_same(
    seed: int, sizes: tuple[int, ...]
) -> None:
    head, buffer = a_head(seed, sizes), BytesIO()
    np.savez(buffer, mean=np.zeros(3), **head.arrays())  # type: ignore[arg-type] # its allow_pickle is a bool
    with np.load(BytesIO(buffer.getvalue()), allow_pickle=False) as archive:
        read = Head.from_arrays(dict(archive))
    assert len(read.weights) == len(sizes) - 1
    assert apply(read, some_rows(seed)).tobytes() == apply(head, some_rows(seed)).tobytes()


def test_an_archive_without_a_head_gives_none() -> None:
    with pytest.raises(KeyError):
        Head.from_arrays({"mean": np.zeros(3)})
