"""Applies one received file and prints how large this process and the reading process became, in MB."""

from __future__ import annotations

import json
import resource
import sys

import django

django.setup()

from campaigns.models import User  # noqa: E402
from records import imports  # noqa: E402
from records.models import SourceFile  # noqa: E402

by = User.objects.system()
file = SourceFile.objects.select_related("campaign").get(pk=int(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
imports.apply(file, by=by)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"worker": after / 1024, "growth": (after - before) / 1024, "child": child / 1024}))
