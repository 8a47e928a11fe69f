"""gunicorn's settings: `gunicorn -c python:bacyen.web_server bacyen.wsgi`.

The address is given on the command line by whoever starts it. There is no access log: paths are in the audit
trail where they matter, and a search typed by an officer is nobody's business. The control socket is off:
nobody uses it, and its default place is the home directory.
"""

from bacyen.settings import WEB_THREADS, WEB_WORKERS

workers = WEB_WORKERS
threads = WEB_THREADS
worker_class = "gthread"
timeout = 120
graceful_timeout = 20
keepalive = 5
loglevel = "warning"
control_socket_disable = True
