"""Imported last by the process that others are forked from.

What it has imported by then stays out of the garbage collector of the forks, which would write to
every object it looks at: so they share its memory.
"""

import gc

gc.collect()
gc.freeze()
