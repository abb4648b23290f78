"""Many pages, read in processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.collect.page_batch import read_one, read_pages
from digest.collect.worker import Bounds, LimitPassed, Worker


def page(n: int) -> str:
    return (
        f"<html><head><title>Report number {n}</title></head><body><article><h1>Report number {n}</h1>"
        f"<p>The {n}th report of the year says that the river stood lower than in any year since the town began to "
        "measure it, and that the mills upstream have agreed to let more water pass at night.</p></article></body></html>"
    )


def test_results_come_in_the_order_asked_for_and_a_bad_file_costs_no_other(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.html" for n in range(12)]
    for n, file in enumerate(files):
        file.write_text(page(n), "utf-8")
    files[3].write_bytes(b"")
    files[5].unlink()

    results = list(read_pages([(file, f"https://a.example/{n}") for n, file in enumerate(files)], workers=2))

    assert [result["file"] for result in results] == [str(file) for file in files]
    assert [result["url"] for result in results] == [f"https://a.example/{n}" for n in range(12)]
    assert [n for n, result in enumerate(results) if result["error"]] == [3, 5]
    assert "is empty" in results[3]["error"]
    assert "No such file" in results[5]["error"]
    assert results[11]["headline"] == "Report number 11"
    assert set(results[3]) == set(results[0])


def test_a_page_that_takes_too_long_is_ended_and_named() -> None:
    with (
        Worker(Bounds(cpu_seconds=0.05)) as worker,
        pytest.raises(LimitPassed, match=r"more than 0\.05 s of processor time"),
    ):
        read_one(page(1).encode() * 3000, worker=worker)


def test_no_pages_give_no_results() -> None:
    assert list(read_pages([])) == []
