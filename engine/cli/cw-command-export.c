/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <stdio.h>
#include <string.h>

static const struct
{
  const char *name;
  gboolean (*save) (const CwModel *model, const char *path, GError **error);
} formats[] = {
  { "safetensors", cw_model_save },
  { "npy", cw_model_save_npy },
};

static void
print_result (const CwModel *model, const char *output, gboolean json)
{
  guint n = cw_net_get_n_params (model->net) + cw_net_get_n_buffers (model->net);
  g_autoptr (JsonBuilder) builder = NULL;

  if (!json)
    {
      printf ("%s: %s for %d px, %u tensors, features of %d\n", output, model->encoder->base.id,
              model->size, n, model->dim);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "output", output);
  cw_json_add_string (builder, "encoder", model->encoder->base.id);
  cw_json_add_int (builder, "size", model->size);
  cw_json_add_int (builder, "tensors", n);
  cw_json_add_int (builder, "dim", model->dim);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static int
run (int argc, char **argv)
{
  g_autofree char *model_path = NULL;
  g_autofree char *format = NULL;
  g_autofree char *output = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_path,
      "A run folder, a checkpoint or a .safetensors file", "M" },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &format,
      "safetensors, under torchvision's names; or npy, a folder with one array a tensor (default: "
      "safetensors)",
      "FORMAT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      "The file, or for npy the folder, new or empty", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwModel) model = NULL;
  int status;

  if (!cw_cli_parse (&cw_command_export, NULL, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (model_path == NULL || output == NULL)
    return cw_cli_usage ("expected --model M and --output FILE");
  for (size_t i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (strcmp (format != NULL ? format : "safetensors", formats[i].name) != 0)
        continue;
      model = cw_model_load (model_path, &error);
      if (model == NULL || !formats[i].save (model, output, &error))
        return cw_cli_fail (error);
      print_result (model, output, json);
      return CW_CLI_OK;
    }
  return cw_cli_usage ("--to %s is not one of safetensors, npy", format);
}

const CwCommand cw_command_export
    = { "export", "", "Write an encoder for other programs: safetensors, npy", run };
