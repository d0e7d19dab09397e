#!/usr/bin/env bash
# dateparser 1.5.0 (PyPI; dates in natural language, many locales): an hour without minutes after a day is read as a year or
# dropped, without a sign. With PREFER_DATES_FROM "future" "1 марта в 10" and "March 1 at 10" are midnight of 1 March 2110, and
# "завтра в 10" and "tomorrow at 10" are tomorrow at the hour of now. With ":00" all are right. chrono-node 2.10.3 (npm) reads
# 10 o'clock in "tomorrow at 10" and "завтра в 10". A campaign asked for so would start in 84 years.
# Output seen (said on 15 January 2026 at 12:00): as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund chrono-node@2.10.3
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check dateparser==1.5.0
cat > look.py << 'PY'
import datetime, dateparser
settings = {"RELATIVE_BASE": datetime.datetime(2026, 1, 15, 12), "PREFER_DATES_FROM": "future"}
for language, text in [("ru", "1 марта в 10"), ("ru", "1 марта в 10:00"), ("en", "March 1 at 10"), ("ru", "завтра в 10"), ("ru", "завтра в 10:00"), ("en", "tomorrow at 10")]:
    print(f"dateparser {text}:", dateparser.parse(text, languages=[language], settings=settings))
PY
cat > look.mjs << 'JS'
import * as chrono from 'chrono-node';
const now = new Date(2026, 0, 15, 12);
for (const [parser, text] of [[chrono.ru, 'завтра в 10'], [chrono.en, 'tomorrow at 10']]) console.log(`chrono-node ${text}:`, parser.parseDate(text, now).getHours());
JS
cat > expected << 'TEXT'
dateparser 1 марта в 10: 2110-03-01 00:00:00
dateparser 1 марта в 10:00: 2026-03-01 10:00:00
dateparser March 1 at 10: 2110-03-01 00:00:00
dateparser завтра в 10: 2026-01-16 12:00:00
dateparser завтра в 10:00: 2026-01-16 10:00:00
dateparser tomorrow at 10: 2026-01-16 12:00:00
chrono-node завтра в 10: 10
chrono-node tomorrow at 10: 10
TEXT
{ PYTHONIOENCODING=utf-8 v/bin/python look.py; node look.mjs; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
