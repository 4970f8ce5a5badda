#!/usr/bin/env bash
# Spark's discovery script for GPUs (spark.executor.resource.gpu.discoveryScript, on a standalone cluster also
# spark.worker.resource.gpu.discoveryScript): prints their indices as CUDA counts with CUDA_DEVICE_ORDER=PCI_BUS_ID, such as
# {"name": "gpu", "addresses": ["0", "1"]}. A node without GPUs or without NVIDIA's driver has none.
# CUDA counts what CUDA_VISIBLE_DEVICES lists, if it is set; nvidia-smi always counts all.
# A GPU in MIG mode is left out: CUDA sees at most one of its slices in a process, whatever index Spark would hand out.
set -u

gpus=() # index and UUID
if command -v nvidia-smi >/dev/null; then
  # A driver too old for MIG refuses the query that asks for it.
  found=$(nvidia-smi --query-gpu=index,uuid,mig.mode.current --format=csv,noheader 2>/dev/null) ||
    found=$(nvidia-smi --query-gpu=index,uuid --format=csv,noheader 2>/dev/null) ||
    found=
  while IFS=', ' read -r index uuid mig _; do
    [[ $index =~ ^[0-9]+$ && $mig != Enabled ]] && gpus+=("$index $uuid")
  done <<<"$found"
fi

addresses=()
IFS=, read -r -a visible <<<"${CUDA_VISIBLE_DEVICES-}"
for gpu in ${gpus[@]+"${gpus[@]}"}; do
  [[ -n ${CUDA_VISIBLE_DEVICES+set} ]] || addresses+=("\"${gpu% *}\"")
done
for i in ${visible[@]+"${!visible[@]}"}; do
  entry=${visible[i]// /}
  for gpu in ${gpus[@]+"${gpus[@]}"}; do
    # UUIDs may be abbreviated.
    [[ $entry == "${gpu% *}" || ($entry == GPU-* && ${gpu#* } == "$entry"*) ]] && addresses+=("\"$i\"")
  done
done

IFS=,
printf '{"name": "gpu", "addresses": [%s]}\n' "${addresses[*]-}"
