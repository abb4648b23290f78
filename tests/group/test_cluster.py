"""Linkage, blocks and constraints, beside plain reckonings of the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from digest.group import blocks, mixing, neighbours
from digest.group.cluster import Links, cluster
from digest.group.linkage import Node, link
from digest.group.neighbours import nearest
from digest.group.reading import read
from digest.group.similarity import products
from digest.group.texts import borrowing, count, weigh
from tests.group.news import day


def matrix(seed: int, size: int) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(size, 4)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points @ points.T


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40), st.floats(0.05, 0.9))
def test_linkage_is_the_one_of_scipy(seed: int, size: int, threshold: float) -> None:
    alike = matrix(seed, size)
    distances = np.clip(1 - alike, 0, None)
    np.fill_diagonal(distances, 0)
    theirs = fcluster(linkage(squareform(distances, checks=False), "average"), 1 - threshold, "distance")
    ours = link(alike.copy(), [Node([n]) for n in range(size)], threshold)
    assert sorted(sorted(node.members) for node in ours) == sorted(
        np.flatnonzero(theirs == label).tolist() for label in set(theirs)
    )


def test_sparse_products_are_the_dense_ones() -> None:
    texts = weigh(count(read(day([3, 2, 4, 1, 2]))))
    dense = np.zeros((len(texts), int(texts.terms.max()) + 1))
    dense[texts.rows, texts.terms] = texts.weights
    expected = dense @ dense.T + texts.meanings @ texts.meanings.T
    found = products(texts, np.arange(len(texts)))
    for matrix in (found, expected):
        np.fill_diagonal(matrix, 0)
    assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("borrows", [None, 0.5])
def test_texts_are_mixed_alike_however_many_at_a_time(monkeypatch: pytest.MonkeyPatch, borrows: float | None) -> None:
    texts = weigh(count(read([*day([3, 2, 4]), replace(day([1])[0], headline="…", url=""), *day([1, 1])])))
    factors = None if borrows is None else np.full(len(texts), borrows, np.float32)
    whole = mixing.smoothed(texts, nearest(texts), factors)
    for postings in (1, 7, 40):
        monkeypatch.setattr(mixing, "_POSTINGS", postings)
        cut = mixing.smoothed(texts, nearest(texts), factors)
        assert (cut.starts == whole.starts).all()
        assert (cut.terms == whole.terms).all()
        assert (cut.weights == whole.weights).all()


def test_who_borrows_nothing_stays_as_it_is() -> None:
    texts = weigh(count(read(day([3, 2, 4]))))
    alone = mixing.smoothed(texts, nearest(texts), np.zeros(len(texts), np.float32))
    assert alone.weights == pytest.approx(texts.weights, abs=1e-6)
    assert alone.meanings == pytest.approx(texts.meanings, abs=1e-6)
    both = mixing.smoothed(texts, nearest(texts))
    assert len(both.terms) > len(texts.terms)


def test_long_texts_borrow_less_where_many_reports_stand_alone() -> None:
    sentence = "The council of Ostervale met on Tuesday to speak about the bridge and its cables once more. "
    counts = count(read([replace(a, body=sentence * n) for a, n in zip(day([1, 1, 1]), (0, 8, 40), strict=True)]))
    assert borrowing(counts, 0.1) is None
    some, many = borrowing(counts, 0.2), borrowing(counts, 0.6)
    assert some is not None
    assert many is not None
    assert many.tolist() == pytest.approx([1, many[1], 0])
    assert 0 < many[1] < some[1] < 1
    assert borrowing(count(read(day([1, 1, 1]))), 1.0) is None


def test_blocks_give_the_stories_of_exact_linkage(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = count(read(day([n % 6 + 1 for n in range(120)])))
    exact = cluster(counts, Links())
    for module in (blocks, neighbours):
        monkeypatch.setattr(module, "WHOLE", 50)
    monkeypatch.setattr(blocks, "_MOST", 40)
    blocked = cluster(counts, Links())
    assert len(set(map(tuple, exact)) & set(map(tuple, blocked))) >= 0.97 * len(exact)


def test_blocks_hold_every_row_once_and_what_is_joined_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = weigh(count(read(day([3] * 30))))
    for module in (blocks, neighbours):
        monkeypatch.setattr(module, "WHOLE", 10)
    monkeypatch.setattr(blocks, "_MOST", 12)
    found = blocks.blocks(len(texts), nearest(texts), [[0, 40, 80]])
    assert sorted(np.concatenate(found).tolist()) == list(range(90))
    assert any({0, 40, 80} <= set(block.tolist()) for block in found)


def test_nothing_is_clustered_out_of_nothing() -> None:
    assert cluster(count(read([])), Links()) == []
    assert cluster(count(read(day([1]))), Links()) == [[0]]
