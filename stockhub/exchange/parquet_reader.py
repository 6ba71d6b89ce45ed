"""Parquet, batch by batch and only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from stockhub.exchange.tables import BATCH_ROWS, HEADER_COLUMNS, Batch, FileError


def open_parquet(path: Path) -> ParquetTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return ParquetTable(pq.ParquetFile(path))
    except (pa.ArrowException, OSError) as error:
        raise FileError("broken_parquet", _("The parquet file is damaged or cut off.")) from error


class ParquetTable:
    """A row's line number counts as if the names of the columns were line 1."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - pyarrow is not typed
        self._file = file
        self.header: list[str] = list(file.schema_arrow.names)
        if len(self.header) > HEADER_COLUMNS:
            raise FileError(
                "too_many_columns", _("The file has more than %(header_columns)s columns."), params={"header_columns": HEADER_COLUMNS}
            )

    def batches(self, indices: Sequence[int]) -> Iterator[Batch]:
        import pyarrow as pa

        names = [self.header[index] for index in indices]
        first, total = 2, max(self._file.metadata.num_rows, 1)
        try:
            for batch in self._file.iter_batches(batch_size=BATCH_ROWS, columns=sorted(set(names)), use_threads=False):
                columns = [_cells(batch.column(batch.schema.get_field_index(name))) for name in names]
                yield Batch(list(range(first, first + batch.num_rows)), columns, done=(first - 2 + batch.num_rows) / total)
                first += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise FileError(
                "broken_parquet",
                _("The parquet file is damaged after row %(row)s. The rows before it were read."),
                params={"row": first - 2},
            ) from error
        finally:
            self._file.close()


def _cells(column: Any) -> list[Any]:  # noqa: ANN401 - pyarrow is not typed
    """Python values: texts, whole numbers, instants in microseconds. Floats become their shortest text, so that 2.55 stays 2.55."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_timestamp(kind):
        column = pc.cast(column, pa.timestamp("us", kind.tz), safe=False)
    elif pa.types.is_floating(kind):
        # pandas writes a missing number as NaN.
        column = pc.cast(pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column), pa.string())
    if column.null_count == 0 and (pa.types.is_integer(column.type) or (pa.types.is_timestamp(column.type) and column.type.tz is None)):
        return list(column.to_numpy(zero_copy_only=False).tolist())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        # Through an array of objects: several times as quick as cell by cell, and None stays None.
        return list(column.to_numpy(zero_copy_only=False).tolist())
    return list(column.to_pylist())
