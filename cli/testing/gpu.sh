#!/usr/bin/env bash
# Measures the adapter llama on a graphics processor: first the processor for comparison, then the graphics processor, then a
# small experiment of the engine. It is meant to take ten minutes; with a large model, most of that is the processor's part.
#
#   cli/testing/gpu.sh GGUF [cuda|vulkan|metal|false] [DISCUSSIONS,…]
#
# It needs Deno, or npm to install it, and the driver of the graphics processor. The package of llama.cpp for it is fetched
# once (181 MB for CUDA). CUDA also needs the libraries of CUDA 13; if they are missing, and LD_LIBRARY_PATH names no folder,
# pip fetches them into a temporary folder. With `false`, only the processor is measured.
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
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v deno >/dev/null 2>&1 || npm install --global --no-fund --no-audit deno@2.9.6
if [ "$gpu" = cuda ]; then
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
  # The driver does not bring these libraries. Python packages have them.
  if ! ldconfig -p | grep 'libcublas\.so\.13' >/dev/null && [ -z "${LD_LIBRARY_PATH:-}" ]; then
    python3 -m venv "$work/cuda"
    "$work/cuda/bin/pip" install -q --disable-pip-version-check nvidia-cuda-runtime==13.2.86 nvidia-cublas==13.4.1.3
    LD_LIBRARY_PATH=$(dirname "$(find "$work/cuda" -name libcublas.so.13 | head -1)")
    export LD_LIBRARY_PATH
  fi
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
sed -e "s|model: SmolLM2.*|model: $gguf|" -e "s|adapter: llama|&\n    gpu: $gpu|" \
  examples/real-model/experiment.yaml >"$work/experiment.yaml"
time deno task run "$work/experiment.yaml" --out "$work/run"
deno task verify "$work/run" --design
