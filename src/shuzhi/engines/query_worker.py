"""The worker that answers queries over a stranger's definitions (see `shuzhi.confined`).

A request is one line of JSON and, behind it, what it announces: {"table": name} and an Arrow
stream, which is from then on the table of that name; {"query": sql}, answered by an Arrow stream.
Whole numbers too wide for 64 bits come as decimals without decimal places. An answer begins with
`+` and the stream, or with `-` and what went wrong.
"""

import json

import duckdb
import pyarrow as pa

from shuzhi.confined import serve
from shuzhi.engines.connection import open_connection

GOOD, BAD = b"+", b"-"


def main() -> None:
    pa.set_memory_pool(pa.system_memory_pool())  # the usual one reserves 1 GiB of addresses
    connection = open_connection()
    connection.sql("SELECT sum(n) FROM range(3) AS r(n)").to_arrow_table()  # its late imports

    def answer(request: bytes) -> bytes:
        head, _, body = request.partition(b"\n")
        asked = json.loads(head)
        try:
            if "table" in asked:
                connection.register(asked["table"], pa.ipc.open_stream(body).read_all())
                return GOOD
            return GOOD + as_stream(connection.sql(asked["query"]).to_arrow_table())
        except (duckdb.Error, pa.ArrowException, MemoryError) as error:
            return BAD + str(error).encode()

    serve(answer)


def as_stream(table: pa.Table) -> bytes:
    """The table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    found: bytes = sink.getvalue().to_pybytes()
    return found


if __name__ == "__main__":
    main()
