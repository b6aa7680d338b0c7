"""How much the tests try: a seeded sample, or, with MQBIND_LONG set, all that was asked for."""

import os

LONG = bool(os.environ.get("MQBIND_LONG"))
