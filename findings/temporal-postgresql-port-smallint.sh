#!/usr/bin/env bash
# go.temporal.io/server 1.32.2 on PostgreSQL: a port above 32767 cannot be used, although every port up to 65535 is valid.
# cluster_membership.rpc_port is a signed SMALLINT in the schema, so the server ends at start with
# `UpsertClusterMembership operation failed. Error: pq: value "38383" is out of range for type smallint (22003)` (seen with
# PostgreSQL 15). Ports that Linux gives out (32768 and up) never work; the default ones do. MySQL's schema has the same type.
# Shown here by the schema files of the module. Needs go.
# Output seen: "postgresql/v12: rpc_port SMALLINT NOT NULL", "mysql/v8: rpc_port SMALLINT NOT NULL".
set -euo pipefail
version=v1.32.2
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export GOMODCACHE=$folder/modules GOFLAGS=-modcacherw
# An older Go says no after the download; the files are there all the same.
go mod download "go.temporal.io/server@$version" 2> /dev/null || true
schema=$GOMODCACHE/go.temporal.io/server@$version/schema
for database in postgresql/v12 mysql/v8; do
  printf '%s: rpc_port %s\n' "$database" "$(grep -oP '^\s*rpc_port\s+\K[A-Z ]+' "$schema/$database/temporal/schema.sql")"
done | tee found
printf '%s: rpc_port SMALLINT NOT NULL\n' postgresql/v12 mysql/v8 | cmp - found
