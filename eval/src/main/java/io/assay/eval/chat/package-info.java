/** Conversations as prompts: the chat template a checkpoint comes with. */
package io.assay.eval.chat;
