"""Two processes that met a new catalog at once: one was told it is busy."""

import threading
from pathlib import Path

from viewer.catalog.connection import engine_for, writing

ROUNDS, TOGETHER = 40, 4


def test_a_new_catalog_may_be_opened_by_several_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def open_it(file: Path, gate: threading.Barrier) -> None:
        engine = engine_for(file)
        gate.wait()
        try:
            with writing(engine) as connection:
                connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS mark (x)")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says it
            failures.append(error)
        finally:
            engine.dispose()

    for turn in range(ROUNDS):
        file, gate = tmp_path / f"{turn}.sqlite", threading.Barrier(TOGETHER)
        file.touch()
        threads = [
            threading.Thread(target=open_it, args=(file, gate)) for _ in range(TOGETHER)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
