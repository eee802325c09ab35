"""Rows as CSV by RFC 4180: UTF-8, comma, CRLF, one header line, licence and credit in columns.

Licence and credit stand in every row, since most readers stumble over comment lines: a row that is cut out keeps them.
"""

from collections.abc import Generator

import pyarrow as pa
import pyarrow.compute as pc

from data_access.exports.selection import Taken
from data_access.exports.texts import content, csv_texts

MEDIA_TYPE = "text/csv"
_END = "\r\n"


def csv_pieces(taken: Taken) -> Generator[bytes]:
    """The file, some thousand rows at a time."""
    about = taken.about
    constants = csv_texts(pa.chunked_array([[about["licence"], about["credit"]]]))
    ending = f",{constants[0]},{constants[1]}{_END}"
    header = True
    for table in taken.tables():
        if header:
            names = csv_texts(pa.chunked_array([[*table.column_names, "licence", "credit"]], pa.string()))
            yield (",".join(names.to_pylist()) + _END).encode()
            header = False
        if table.num_rows:
            fields = [csv_texts(column) for column in table.columns]
            rows = pc.binary_join_element_wise(*fields, ",")
            yield bytes(content(pc.binary_join_element_wise(rows, ending, "")))
