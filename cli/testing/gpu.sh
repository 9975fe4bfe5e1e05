#!/usr/bin/env bash
# Measures the adapter llama on a graphics processor, in about ten minutes with a model of 8 billion weights: first the
# processor, then the graphics processor, then a small experiment of the engine.
#
#   cli/testing/gpu.sh GGUF [cuda|vulkan|metal|false] [DISCUSSIONS,…]
#
# It needs Deno, or npm to install it, and the driver of the graphics processor. The package of llama.cpp for it is fetched
# once (181 MB for CUDA). With `false`, only the processor is measured.
set -euo pipefail

if [ $# -lt 1 ] || [ ! -f "$1" ]; then
  echo "Usage: $0 GGUF [cuda|vulkan|metal|false] [DISCUSSIONS,...]" >&2
  exit 2
fi
gguf=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
gpu=${2:-cuda}
at=${3:-1,4,16}
case "$gpu" in
  cuda | vulkan | metal | false) ;;
  *)
    echo "Cannot measure with \"$gpu\": expected cuda, vulkan, metal or false" >&2
    exit 2
    ;;
esac
cd "$(dirname "$0")/../.."

command -v deno >/dev/null 2>&1 || npm install --global --no-fund --no-audit deno@2.9.6
if [ "$gpu" = cuda ]; then
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
fi

measure() {
  deno run -A --lock=deno.lock adapters/models/testing/measure_models.ts --gguf "$gguf" "$@"
}

echo "== Processor"
measure --at 1 --rounds 1 --turns 2
if [ "$gpu" != false ]; then
  echo "== Graphics processor: $gpu"
  measure --gpu "$gpu" --at "$at" --rounds 2 --requests 128
fi

echo "== A run of the engine"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -e "s|model: SmolLM2.*|model: $gguf|" -e "s|adapter: llama|&\n    gpu: $gpu|" \
  examples/real-model/experiment.yaml >"$work/experiment.yaml"
time deno task run "$work/experiment.yaml" --out "$work/run"
deno task verify "$work/run" --design
