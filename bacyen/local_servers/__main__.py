"""`python -m bacyen.local_servers start|stop|destroy`: the embedded servers of this checkout, by hand."""

import sys

from bacyen.local_servers import Started, State, StateError, destroy, ensure, stop


def main() -> int:
    """0 done, 1 a server does not start, 2 not called as it should be."""
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    try:
        state = State.from_environment()
        if command == "start":
            ensure(state)
        elif command == "stop":
            stop(state, Started(postgres=True, valkey=True))
        elif command == "destroy":
            destroy(state)
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except StateError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
