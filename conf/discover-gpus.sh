#!/usr/bin/env bash
# Spark's discovery script for GPUs (spark.executor.resource.gpu.discoveryScript, on a standalone cluster also
# spark.worker.resource.gpu.discoveryScript): prints their indices as CUDA counts with CUDA_DEVICE_ORDER=PCI_BUS_ID, such as
# {"name": "gpu", "addresses": ["0", "1"]}. A node without GPUs or without NVIDIA's driver has none.
# A GPU in MIG mode is left out: CUDA sees at most one of its slices in a process, whatever index Spark would hand out.
set -u

addresses=()
if command -v nvidia-smi >/dev/null; then
  # A driver too old for MIG refuses the query that asks for it.
  found=$(nvidia-smi --query-gpu=index,mig.mode.current --format=csv,noheader 2>/dev/null) ||
    found=$(nvidia-smi --query-gpu=index --format=csv,noheader 2>/dev/null) ||
    found=
  while IFS=', ' read -r index mig _; do
    [[ $index =~ ^[0-9]+$ && $mig != Enabled ]] && addresses+=("\"$index\"")
  done <<<"$found"
fi

IFS=,
printf '{"name": "gpu", "addresses": [%s]}\n' "${addresses[*]-}"
