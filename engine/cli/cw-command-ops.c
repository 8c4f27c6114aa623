/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <stdio.h>
#include <string.h>

static void
add_operation (JsonBuilder *builder, const CwDescriptor *d)
{
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "id", d->id);
  cw_json_add_string (builder, "label", d->label);
  cw_json_add_string (builder, "description", d->description);
  cw_json_add_string (builder, "source", cw_registry_get_source (d));
  json_builder_set_member_name (builder, "parameters");
  cw_params_describe (d->params, builder);
  json_builder_end_object (builder);
}

static void
print_operation (const CwDescriptor *d, gboolean parameters)
{
  printf ("  %-20s %s (%s)\n", d->id, d->description, cw_registry_get_source (d));
  for (const CwParamSpec *s = parameters ? d->params : NULL; s != NULL && s->id != NULL; s++)
    {
      gpointer block = cw_params_block_new (d->params, d->params_size);
      g_autofree char *value = cw_params_dup_string (s, block);

      printf ("    %-22s %s%s%s  %s\n", s->id, value, *s->unit ? " " : "", s->unit, s->blurb);
      cw_params_block_free (d->params, block);
    }
}

static int
list (gboolean json)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  for (int kind = 0; kind < CW_N_KINDS; kind++)
    {
      g_autoptr (GPtrArray) operations = cw_registry_list (kind);

      json_builder_set_member_name (builder, cw_kind_name (kind));
      json_builder_begin_array (builder);
      if (!json && operations->len > 0)
        printf ("%s\n", cw_kind_name (kind));
      for (guint i = 0; i < operations->len; i++)
        {
          add_operation (builder, operations->pdata[i]);
          if (!json)
            print_operation (operations->pdata[i], FALSE);
        }
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  if (json)
    cw_cli_print_json (builder);
  return CW_CLI_OK;
}

/* The same id may stand in two kinds: all of them are told. */
static int
describe (const char *id, gboolean json)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  int found = 0;

  json_builder_begin_object (builder);
  for (int kind = 0; kind < CW_N_KINDS; kind++)
    {
      const CwDescriptor *d = cw_registry_find (kind, id, NULL);

      if (d == NULL)
        continue;
      found++;
      json_builder_set_member_name (builder, cw_kind_name (kind));
      add_operation (builder, d);
      if (!json)
        {
          printf ("%s\n", cw_kind_name (kind));
          print_operation (d, TRUE);
        }
    }
  json_builder_end_object (builder);
  if (found == 0)
    {
      g_autoptr (GError) error = g_error_new (CW_ERROR, CW_ERROR_NOT_FOUND,
                                              "no operation '%s'; see 'contrawarp ops list'", id);

      return cw_cli_fail (error);
    }
  if (json)
    cw_cli_print_json (builder);
  return CW_CLI_OK;
}

static int
run (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!cw_cli_parse (&cw_command_ops, NULL, entries, &argc, &argv, 1, 2, &status))
    return status;
  if (strcmp (argv[1], "list") == 0 && argc == 2)
    return list (json);
  if (strcmp (argv[1], "describe") == 0 && argc == 3)
    return describe (argv[2], json);
  return cw_cli_usage ("expected 'list' or 'describe ID'");
}

const CwCommand cw_command_ops = {
  "ops", "list | describe ID", "Transforms, warps, objectives …, and their parameters", run
};
