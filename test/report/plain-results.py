"""What campaigns brought, from single people and nothing of ours: the yardstick of range-results.test.ts.

Reads campaigns as JSON: [{"keys": [...], "people": [{"group", "forward", "won", "sum"}]}]; writes the figures of each key.
"""
import json, math, statistics, sys

Z = 1.959964


def t975(f):  # the quantile by its definition: the density of Student's t, integrated, and halved down to it
    log_c = math.lgamma((f + 1) / 2) - math.lgamma(f / 2) - 0.5 * math.log(f * math.pi)
    density = lambda x: math.exp(log_c - (f + 1) / 2 * math.log1p(x * x / f))
    low, high = 1.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        steps = 400
        width = middle / steps
        area = sum(density(i * width) * (1 if i in (0, steps) else 4 if i % 2 else 2) for i in range(steps + 1)) * width / 3
        low, high = (middle, high) if area < 0.475 else (low, middle)
    return low


def wilson(hits, n):
    p = hits / n
    middle, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)


def figures(campaigns):
    pairs = []
    out = {"campaigns": len(campaigns), "withControl": 0}
    for group in ("written", "control"):
        people = [p for c in campaigns for p in c["people"] if p["group"] == group]
        out[group] = {
            "people": len(people),
            "forward": sum(p["forward"] for p in people),
            "won": sum(p["won"] for p in people),
            "sum": sum(p["sum"] for p in people),
        }
    for c in campaigns:
        pair = [[p for p in c["people"] if p["group"] == g] for g in ("written", "control")]
        if all(pair):
            pairs.append(pair)
    out["withControl"] = len(pairs)
    if not pairs:
        return out
    whole = sum(len(written) for written, _ in pairs)
    for hit in ("forward", "won"):
        found = below = above = 0
        for written, control in pairs:
            (a, n), (b, m) = ((sum(p[hit] for p in side), len(side)) for side in (written, control))
            (l1, u1), (l2, u2) = wilson(a, n), wilson(b, m)
            weight = n / whole
            found += weight * (a / n - b / m)
            below += weight**2 * ((a / n - l1) ** 2 + (u2 - b / m) ** 2)
            above += weight**2 * ((u1 - a / n) ** 2 + (b / m - l2) ** 2)
        out[hit] = [found, found - math.sqrt(below), found + math.sqrt(above)]
    found, parts = 0, []
    for written, control in pairs:
        for side, sign in ((written, 1), (control, -1)):
            sums = [p["sum"] for p in side]
            weight = sign * len(written) / whole
            found += weight * statistics.fmean(sums)
            parts.append((weight**2 * statistics.variance(sums) / len(sums), len(sums) - 1))
    variance = sum(v for v, _ in parts)
    half = t975(variance**2 / sum(v * v / f for v, f in parts)) * math.sqrt(variance)
    out["brought"] = [whole * found, whole * (found - half), whole * (found + half)]
    return out


campaigns = json.load(sys.stdin)
keys = sorted({key for c in campaigns for key in c["keys"]})
json.dump({key: figures([c for c in campaigns if key in c["keys"]]) for key in keys}, sys.stdout)
