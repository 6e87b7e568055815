"""The project: wiring only, no domain word.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when a checkpoint races a commit; Debian's libraries are
among them. `pysqlite3` carries a mended one, and it must stand in for `sqlite3` before Django loads it.
"""

import sys

try:
    import pysqlite3
except ImportError:  # the system check `kcl.E001` then looks at the version that is there
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
