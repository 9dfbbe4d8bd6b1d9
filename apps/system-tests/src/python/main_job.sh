#!/usr/bin/env bash
# main_job.sh <empty folder> <definition> <folder of the shop>: makes a Python client from proto/ with Debian's protobuf-compiler-grpc and
# does the main job with it. ORDERLINES_GRPC is host:port, ORDERLINES_TOKEN a token. The last line is JSON.
set -euo pipefail
folder=$1 definition=$2 shop=$3
here=$(cd "$(dirname "$0")" && pwd)
proto=$(cd "$here/../../../../proto" && pwd)
generated=$folder/generated
mkdir -p "$generated"
find "$proto" -name '*.proto' -path '*orderlines*' -print0 |
  xargs -0 protoc -I "$proto" --python_out="$generated" --grpc_python_out="$generated" --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)"
# Debian's python3, which python3-grpcio belongs to, wherever another python3 may stand first.
PYTHONPATH=$generated exec /usr/bin/python3 "$here/main_job.py" "$definition" "$shop"
