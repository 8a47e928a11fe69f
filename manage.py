#!/usr/bin/env python
"""Django's command line. Every command finds or starts the embedded servers by itself."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bacyen.settings")
    from django.core.management import execute_from_command_line

    from bacyen import local_servers

    try:
        local_servers.ensure(local_servers.State.from_environment())
    except local_servers.StateError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
