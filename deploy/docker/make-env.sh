#!/bin/sh
# Writes the settings of a new installation with fresh secrets: deploy/docker/make-env.sh > .env
# Keep the file: without ORDERLINES_SECRET_KEY the stored secrets cannot be opened.
set -eu
random_hex() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
random_key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

cat <<ENV
# Settings of docker-compose.yml. Keep this file secret, and keep it.
ORDERLINES_VERSION=latest
# Where people reach the console, as they type it.
ORDERLINES_PUBLIC_URL=http://127.0.0.1:15900
ORDERLINES_HTTP_PORT=15900
ORDERLINES_GRPC_PORT=50051
# The administrator \`admin\`; used when there is none.
ORDERLINES_ADMIN_PASSWORD=$(random_hex | cut -c1-24)
ORDERLINES_SECRET_KEY=$(random_key)
ORDERLINES_INTERNAL_TOKEN=$(random_hex)
POSTGRES_PASSWORD=$(random_hex)
NATS_EXECUTOR_PASSWORD=$(random_hex)
NATS_GATEWAY_PASSWORD=$(random_hex)
NATS_SCHEDULER_PASSWORD=$(random_hex)
NATS_WORKER_PASSWORD=$(random_hex)
ENV
