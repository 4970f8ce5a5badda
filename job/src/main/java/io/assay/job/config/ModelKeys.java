package io.assay.job.config;

import static io.assay.job.config.ConfigKey.key;
import static io.assay.job.config.ConfigKey.required;
import static io.assay.job.config.ConfigType.choice;
import static io.assay.job.config.ConfigType.mapping;
import static io.assay.job.config.ConfigType.text;
import static io.assay.job.config.ConfigType.whole;

import java.util.List;

/** Keys of the sections {@code run} and {@code model}. */
final class ModelKeys {
  static final List<ConfigKey> ALL =
      List.of(
          key(
              "run.id",
              text(),
              "\"{model}-{date}\"",
              "the run's name: value of the column `run_id`, and its folder; `{date}` (UTC) and "
                  + "`{model}` (the model folder's name) expand"),
          key(
              "run.results",
              text(),
              "results",
              "folder of the tables, on this machine or any URI that Hadoop reaches; `{date}` and "
                  + "`{model}` expand"),
          required(
              "model.path",
              text(),
              "model folder as published on Hugging Face, at the same place on every node; or any "
                  + "URI that Hadoop reaches, which is copied once to each node"),
          key(
              "model.overlay",
              text(),
              "null",
              "file or folder of tensors that replace the model's of the same names; may be a URI "
                  + "too"),
          key(
              "model.cache",
              text(),
              "null",
              "folder of the copies on each machine's disk, an absolute path; null is one in the "
                  + "machine's temporary folder (name another on YARN and Kubernetes, whose "
                  + "temporary folders end with their containers)"),
          key(
              "model.cache_limit",
              text(),
              "0",
              "most that all copies take, such as `500g` or `2t`; 0 is what the disk has"),
          key(
              "model.backend",
              choice("auto", "cpu", "tornado"),
              "auto",
              "what computes ([GPU nodes](gpu-nodes.md))"),
          key(
              "model.device",
              whole(0),
              "null",
              "accelerator of the backend `tornado` in local mode; null is its first; on a cluster "
                  + "Spark assigns one"),
          key(
              "model.precision",
              choice("fp32", "bf16", "fp8"),
              "fp32",
              "see [Precision](#precision)"),
          key(
              "model.max_length",
              whole(0),
              "0",
              "longest sequence in tokens; 0 is the model's own `max_position_embeddings`"),
          key(
              "model.add_bos",
              choice("auto", "true", "false"),
              "auto",
              "whether texts start with the BOS token; `auto` follows tokenizer_config.json"),
          key(
              "model.weights",
              choice("auto", "resident", "streamed"),
              "auto",
              "weights in memory, or read a layer at a time; `auto`: resident if all fit beside "
                  + "the heap; results do not depend on it"),
          key(
              "model.chat_template_kwargs",
              mapping(),
              "{}",
              "what else the chat template reads, such as `enable_thinking: false`"));

  private ModelKeys() {}
}
