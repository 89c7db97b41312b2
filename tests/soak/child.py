"""The real ``monitor run`` by a clock that its parent sets; the parent kills it and starts it again.

It reads jobs, one JSON object a line, and runs each in a fork, which spares the imports; it answers
with the exit code (minus a signal). Each run connects to the parent's socket, says which process it
is, and then obeys: a line with the time is a step, answered when nothing is due any more.
"""

if __name__ == "__main__":
    # Not above: the processes that parse and read import this file, and must stay small.
    from tests.soak.stepped import serve

    serve()
