/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <stdio.h>
#include <string.h>

static void
print_json (GPtrArray *modules)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "plugins");
  json_builder_begin_array (builder);
  for (guint i = 0; i < modules->len; i++)
    {
      const CwModule *module = modules->pdata[i];

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "path", module->path);
      cw_json_add_string (builder, "name", module->info != NULL ? module->info->name : NULL);
      cw_json_add_string (builder, "error", module->error);
      json_builder_set_member_name (builder, "operations");
      json_builder_begin_array (builder);
      for (size_t o = 0; module->info != NULL && module->info->operations[o] != NULL; o++)
        {
          const CwDescriptor *d = module->info->operations[o];

          json_builder_begin_object (builder);
          cw_json_add_string (builder, "kind", cw_kind_name (d->kind));
          cw_json_add_string (builder, "id", d->id);
          cw_json_add_string (builder, "description", d->description);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static int
run (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  GPtrArray *modules = cw_module_list ();
  int status;

  if (!cw_cli_parse (&cw_command_plugins, NULL, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (strcmp (argv[1], "list") != 0)
    return cw_cli_usage ("unknown action '%s'; there is: list", argv[1]);

  /* A plugin that could not be loaded does not make the list fail: it is what the list is for. */
  for (guint i = 0; i < modules->len; i++)
    {
      const CwModule *module = modules->pdata[i];

      if (module->error != NULL)
        fprintf (stderr, "contrawarp: %s\n", module->error);
      else if (!json)
        {
          printf ("%s  %s\n", module->info->name, module->info->description);
          for (size_t o = 0; module->info->operations[o] != NULL; o++)
            printf ("  %s %s: %s\n", cw_kind_name (module->info->operations[o]->kind),
                    module->info->operations[o]->id, module->info->operations[o]->description);
        }
    }
  if (json)
    print_json (modules);
  return CW_CLI_OK;
}

const CwCommand cw_command_plugins = { "plugins", "list", "Plugins and what they bring", run };
