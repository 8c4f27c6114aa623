/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

/* What the options say that choose an encoder; names as given, NULL = the default. Filled by GOption. */
typedef struct
{
  char *path, *encoder, *norm;
} CwCliModel;

#define CW_CLI_MODEL_ENTRY(m)                                                                      \
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &(m)->path,                                            \
    "A run folder, a checkpoint or a .safetensors file", "M" }
#define CW_CLI_ENCODER_ENTRY(m)                                                                    \
  { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &(m)->encoder,                                         \
    "online, or target: a run's moving average, where its objective has one (default: online)",    \
    "WHICH" }
#define CW_CLI_NORM_ENTRY(m)                                                                       \
  { "norm", 0, 0, G_OPTION_ARG_FILENAME, &(m)->norm,                                               \
    "Statistics that norms use: running, of training; or batch, of up to 64 pictures in order "    \
    "(default: running)",                                                                          \
    "WHICH" }

void          cw_cli_model_clear (CwCliModel *options);
/* FALSE with an exit status where a name is none of those there are. */
gboolean      cw_cli_model_check (const CwCliModel *options, int *status);
CwNetwork     cw_cli_model_get_network (const CwCliModel *options);
CwNormMode    cw_cli_model_get_norm (const CwCliModel *options);
/* After the check. */
CwModel      *cw_cli_model_load (const CwCliModel *options, GError **error);
/* "encoder", "norm" and, for statistics of the batch, "norm_batch", into an open object. */
void          cw_cli_model_to_json (const CwCliModel *options, JsonBuilder *builder);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwCliModel, cw_cli_model_clear)
