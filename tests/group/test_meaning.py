"""What all texts of a day mean makes no two of them one story."""

from __future__ import annotations

import numpy as np

from digest.group.meaning import apart

TEXTS = 200


def politics(texts: int = TEXTS) -> np.ndarray:
    """Return meanings of which one half is the same for all, as on a day of politics."""
    own = np.random.default_rng(1).normal(size=(texts, 16)).astype(np.float32)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    common = np.zeros(16, np.float32)
    common[0] = 1
    both = own + common
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True))


def likeness(meanings: np.ndarray) -> float:
    """Return the mean likeness of two of them."""
    size = len(meanings)
    return float((meanings @ meanings.T).sum() - size) / (size * (size - 1))


def test_what_all_texts_of_a_day_mean_makes_them_less_alike() -> None:
    assert likeness(apart(politics(), 0.01)) < likeness(politics()) / 2


def test_a_day_of_one_story_keeps_most_of_what_its_texts_have_in_common() -> None:
    assert likeness(apart(politics(), 0.4)) > 0.8 * likeness(politics())


def test_a_handful_of_texts_keeps_most_of_what_they_have_in_common() -> None:
    assert likeness(apart(politics(4), 0.01)) > 0.7 * likeness(politics(4))


def test_a_text_without_meaning_gets_none() -> None:
    meanings = politics()
    meanings[7] = 0
    found = apart(meanings, 0.01)
    assert not found[7].any()
    assert np.allclose(np.delete(np.linalg.norm(found, axis=1), 7), 1, atol=1e-5)


def test_a_day_without_any_meaning_stays_so() -> None:
    assert not apart(np.zeros((3, 16), np.float32), 0.0).any()
