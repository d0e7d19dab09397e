# Makes domain/phones/phone-zones.json, the time zones of phone numbers by prefix, from libphonenumber's map:
#   python3 -m venv /tmp/zones && /tmp/zones/bin/pip install phonenumbers==9.0.43 && /tmp/zones/bin/python local/phone-zones.py
# libphonenumber keeps it in resources/timezones; PyPI's phonenumbers carries the same as data. With a newer version run
# findings/phone-zones-have-foreign-summer-time.sh too: it says which prefixes have clocks that their country has not.
import json
from importlib.metadata import version
from pathlib import Path

from phonenumbers.tzdata import TIMEZONE_DATA

# Bucharest puts its clocks forward in summer, Kaliningrad and Abkhazia do not; Saratov is an hour ahead of Moscow.
CHANGED = {"740": ["Europe/Kaliningrad"], "7840": ["Europe/Moscow"], "7845": ["Europe/Saratov"]}
NO_ZONE_OF_RUSSIA = {"Europe/Bucharest": "Europe/Kaliningrad"}

zones_of = {prefix: list(zones) for prefix, zones in TIMEZONE_DATA.items()}
zones_of["7"] = [NO_ZONE_OF_RUSSIA.get(zone, zone) for zone in zones_of["7"]]
zones_of.update(CHANGED)


def inherited(prefix):
    """What the next shorter prefix says."""
    return next((zones_of[prefix[:end]] for end in range(len(prefix) - 1, 0, -1) if prefix[:end] in zones_of), None)


prefixes_of = {}
for prefix in sorted(zones_of):
    if inherited(prefix) != zones_of[prefix]:
        prefixes_of.setdefault(" ".join(zones_of[prefix]), []).append(prefix)

document = {
    "about": "Time zones of phone numbers by their first digits, the longest that fits: zones -> prefixes. Made by "
    f"local/phone-zones.py from libphonenumber {version('phonenumbers')} (resources/timezones, by PyPI phonenumbers), "
    "Copyright The Libphonenumber Authors, Apache License 2.0. Changed: Kaliningrad (740) was Europe/Bucharest, Abkhazia "
    "(7840) that and Europe/Moscow, Saratov (7845) Europe/Moscow; prefixes that say what a shorter one says are left out.",
    "zones": {zones: " ".join(prefixes) for zones, prefixes in sorted(prefixes_of.items())},
}
path = Path(__file__).resolve().parent.parent / "domain" / "phones" / "phone-zones.json"
path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
print(f"{path}: {sum(len(prefixes) for prefixes in prefixes_of.values())} prefixes, {len(prefixes_of)} sets of zones")
