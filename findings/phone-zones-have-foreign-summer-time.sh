#!/usr/bin/env bash
# phonenumbers 9.0.43 (PyPI; libphonenumber's map of time zones by prefix), tzdata 2026.6 and pytz 2026.6. For some
# countries the map names a neighbour's zone that has, in 2026, clocks which no zone of the country has: Kaliningrad (+7 40)
# gets Europe/Bucharest and Algeria Europe/Paris, with summer time where there is none; Libya, Nicaragua, Morocco and
# South Sudan likewise. Saratov (+7 845), four hours ahead of UTC since 2016, gets Europe/Moscow, three hours ahead. Hours
# reckoned by it are an hour off for half of the year, for Saratov always.
# Seen: 211 Africa/Nairobi, 212 Atlantic/Canary, 213 Europe/Paris, 218 Europe/Bucharest, 505 America/Chicago,
# 740 Europe/Bucharest; Saratov Europe/Moscow 4:00:00 (the map's zone, and the offset of Europe/Saratov)
# Exits with 1 when it is otherwise.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check phonenumbers==9.0.43 tzdata==2026.6 pytz==2026.6
cat > look.py <<'PY'
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, reset_tzpath

import phonenumbers
import pytz
from phonenumbers.timezone import time_zones_for_number
from phonenumbers.tzdata import TIMEZONE_DATA

reset_tzpath(to=[])  # PyPI's tzdata, not the machine's
weeks = [datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(days=7 * week) for week in range(53)]


def clocks(zone):
    return tuple(moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in weeks)


found = []
for prefix, zones in sorted(TIMEZONE_DATA.items()):
    code = next(int(prefix[:n]) for n in (1, 2, 3) if int(prefix[:n]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    regions = phonenumbers.region_codes_for_country_code(code)
    own = {clocks(zone) for region in regions for zone in pytz.country_timezones.get(region, [])}
    # Where the map names one zone, and the table of countries knows the country.
    if own and len(zones) == 1 and clocks(zones[0]) not in own:
        found.append(f"{prefix} {zones[0]}")
saratov = time_zones_for_number(phonenumbers.parse("+78452123456"))
print(seen := f"{', '.join(found)}; Saratov {' '.join(saratov)} {ZoneInfo('Europe/Saratov').utcoffset(datetime(2026, 7, 1))}")
sys.exit(0 if seen == sys.argv[1] else 1)
PY
v/bin/python look.py "211 Africa/Nairobi, 212 Atlantic/Canary, 213 Europe/Paris, 218 Europe/Bucharest, 505 America/Chicago, 740 Europe/Bucharest; Saratov Europe/Moscow 4:00:00"
