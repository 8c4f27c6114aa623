/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-model.h"

#include "cli/cw-cli.h"

void
cw_cli_model_clear (CwCliModel *options)
{
  g_free (options->path);
  g_free (options->encoder);
  g_free (options->norm);
}

CwNetwork
cw_cli_model_get_network (const CwCliModel *options)
{
  int network = 0;

  while (network < CW_N_NETWORKS && options->encoder != NULL
         && g_strcmp0 (options->encoder, cw_network_name ((CwNetwork) network)) != 0)
    network++;
  return (CwNetwork) network;
}

CwNormMode
cw_cli_model_get_norm (const CwCliModel *options)
{
  int mode = 0;

  while (mode < CW_N_NORM_MODES && options->norm != NULL
         && g_strcmp0 (options->norm, cw_norm_mode_name ((CwNormMode) mode)) != 0)
    mode++;
  return (CwNormMode) mode;
}

gboolean
cw_cli_model_check (const CwCliModel *options, int *status)
{
  if (cw_cli_model_get_network (options) == CW_N_NETWORKS)
    *status = cw_cli_usage ("--encoder %s is not one of online, target", options->encoder);
  else if (cw_cli_model_get_norm (options) == CW_N_NORM_MODES)
    *status = cw_cli_usage ("--norm %s is not one of running, batch", options->norm);
  else
    return TRUE;
  return FALSE;
}

CwModel *
cw_cli_model_load (const CwCliModel *options, GError **error)
{
  CwModel *model = cw_model_load_network (options->path, cw_cli_model_get_network (options), error);

  if (model != NULL)
    model->norm = cw_cli_model_get_norm (options);
  return model;
}

void
cw_cli_model_to_json (const CwCliModel *options, JsonBuilder *builder)
{
  CwNormMode norm = cw_cli_model_get_norm (options);

  cw_json_add_string (builder, "encoder", cw_network_name (cw_cli_model_get_network (options)));
  cw_json_add_string (builder, "norm", cw_norm_mode_name (norm));
  if (norm == CW_NORM_BATCH)
    cw_json_add_int (builder, "norm_batch", CW_FEATURES_BATCH);
}
