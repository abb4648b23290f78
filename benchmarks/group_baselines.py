"""Plain ways of grouping, from scikit-learn: what ours must beat in the same run, and what none can hope to beat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import HDBSCAN, AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from digest.group.words import address_terms
from digest.model import Article

Way = Callable[[np.ndarray, float], np.ndarray]


def distances(articles: Sequence[Article]) -> np.ndarray:
    """Return cosine distances of TF-IDF over words and pairs of words, English stop words left out."""
    texts = [f"{article.headline} {article.dek} {article.body}" for article in articles]
    vectors = TfidfVectorizer(stop_words="english", ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts)
    return np.clip(1 - (vectors @ vectors.T).toarray(), 0, 1)


def average(matrix: np.ndarray, threshold: float) -> np.ndarray:
    """Average linkage."""
    made = AgglomerativeClustering(None, metric="precomputed", linkage="average", distance_threshold=1 - threshold)
    return made.fit_predict(matrix)


def components(matrix: np.ndarray, threshold: float) -> np.ndarray:
    """Connected components."""
    return connected_components(matrix <= 1 - threshold, directed=False)[1]


def hdbscan(matrix: np.ndarray, samples: float) -> np.ndarray:
    """HDBSCAN with stories of two or more; what it calls noise is a story of one."""
    labels = HDBSCAN(min_cluster_size=2, min_samples=int(samples), metric="precomputed", copy=True).fit_predict(matrix)
    noise = np.flatnonzero(labels < 0)
    labels[noise] = labels.max() + 1 + np.arange(len(noise))
    return labels


def taught(articles: Sequence[Article], labels: Sequence[str]) -> list[str]:
    """Return each article's story as a classifier names it that learnt the stories from four fifths of the articles.

    A grouping is told neither how many stories there are nor which: what this one mixes up, words hardly tell apart.
    """
    texts = [" ".join((article.headline, *address_terms(article.url), article.body)) for article in articles]
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return [str(label) for label in cross_val_predict(LinearSVC(C=0.5), vectors, list(labels), cv=folds)]


#: Each way with the thresholds (HDBSCAN: numbers of samples) it may choose from on stories not measured.
WAYS: dict[str, tuple[Way, Sequence[float]]] = {
    "TF-IDF + average linkage": (average, (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2)),
    "TF-IDF + connected components": (components, (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)),
    "TF-IDF + HDBSCAN": (hdbscan, (1, 2, 3, 5)),
}


def stories(labels: Iterable[int]) -> list[list[int]]:
    """Return the labels' stories, the largest first."""
    found: dict[int, list[int]] = defaultdict(list)
    for n, label in enumerate(labels):
        found[label].append(n)
    return sorted(found.values(), key=lambda members: (-len(members), members))
