#!/bin/sh
# Makes the secrets that docker-compose.yml reads, in ./secrets (or SECRETS_DIR). What is there already stays as it is.
# The stack's own are made at random; put your keys into the empty ones:
#   telegram_bot_token  gupshup_api_key  amocrm_token  amocrm_client_secret  temporal_api_key
# for a Temporal elsewhere also temporal_tls_ca, temporal_tls_cert, temporal_tls_key, temporal_encryption_keys, codec_token
# (docs/temporal.md), what your receiver of traces asks for into otel_exporter_otlp_headers, and the senders besides the first, if you have more than one, into senders (docs/senders.md).
# With a MongoDB of your own, put its address into mongodb_uri, or empty that file and set MONGODB_URI in .env.
set -eu
cd "$(dirname "$0")/.."
folder=${SECRETS_DIR:-secrets}
# Nobody else gets into the folder; in a container the file alone is mounted, and the role's user must read it.
mkdir -p "$folder"
chmod 700 "$folder"

keep() { # NAME VALUE
  [ -e "$folder/$1" ] || printf %s "$2" >"$folder/$1"
  chmod 444 "$folder/$1"
}
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

for name in telegram_bot_token telegram_webhook_secret telegram_proxy gupshup_api_key senders amocrm_token \
  amocrm_client_secret temporal_api_key temporal_tls_ca temporal_tls_cert temporal_tls_key temporal_encryption_keys codec_token \
  otel_exporter_otlp_headers; do
  keep $name ''
done
for name in webhook_secret mongodb_password mongodb_root_password mongodb_keyfile postgres_password; do
  keep $name "$(random)"
done
keep mongodb_uri "mongodb://bobcofer:$(cat "$folder/mongodb_password")@mongodb:27017/bobcofer?replicaSet=rs0"
echo "Secrets are in $folder."
