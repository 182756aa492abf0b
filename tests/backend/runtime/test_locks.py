from backend.runtime import locks


def test_lock_is_given_once_and_names_its_holder(tmp_path):
    path = tmp_path / "lock"
    first = locks.acquire(path)
    first.write("4711")

    assert locks.acquire(path) is None
    assert locks.holder(path) == "4711"
    first.release()
    assert locks.acquire(path) is not None


def test_lock_on_a_removed_file_does_not_count(tmp_path):
    path = tmp_path / "lock"
    stale = locks.acquire(path)
    path.unlink()

    fresh = locks.acquire(path)

    assert fresh is not None
    assert locks.acquire(path) is None
    stale.release()
    fresh.release()
