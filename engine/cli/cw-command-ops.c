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

/* "0.002 to 0.5", "none, nce", "true, false"; "" for a text. (transfer full) */
static char *
dup_allowed (const CwParamSpec *spec)
{
  const char *format = spec->type == CW_PARAM_INT ? "%.0f" : "%.6g";
  char min[G_ASCII_DTOSTR_BUF_SIZE], max[G_ASCII_DTOSTR_BUF_SIZE];

  switch (spec->type)
    {
    case CW_PARAM_BOOL:
      return g_strdup ("true, false");
    case CW_PARAM_ENUM:
      return g_strjoinv (", ", (char **) spec->nicks);
    case CW_PARAM_INT:
    case CW_PARAM_FLOAT:
      return g_strconcat (g_ascii_formatd (min, sizeof min, format, spec->min), " to ",
                          g_ascii_formatd (max, sizeof max, format, spec->max),
                          *spec->unit != '\0' ? " " : "", spec->unit, NULL);
    case CW_PARAM_STRING:
    default:
      return g_strdup ("");
    }
}

/* Key, default, what else it can be; then what it is. */
static void
print_key (const char *key, const char *value, const char *allowed, const char *label, const char *what)
{
  printf ("    %-22s %s%s%s%s\n        %s: %s\n", key, *value != '\0' ? value : "(empty)",
          *allowed != '\0' ? "  (" : "", allowed, *allowed != '\0' ? ")" : "", label, what);
}

/* @block: with the defaults. */
static void
print_keys (const CwParamSpec *specs, gconstpointer block)
{
  for (const CwParamSpec *spec = specs; spec != NULL && spec->id != NULL; spec++)
    {
      g_autofree char *value = cw_params_dup_string (spec, block);
      g_autofree char *allowed = dup_allowed (spec);

      print_key (spec->id, value, allowed, spec->label, spec->blurb);
    }
}

static void
print_operation (const CwDescriptor *d, gboolean parameters)
{
  gpointer block = cw_params_block_new (d->params, d->params_size);

  printf ("  %-20s %s (%s)\n", d->id, d->description, cw_registry_get_source (d));
  if (parameters)
    print_keys (d->params, block);
  cw_params_block_free (d->params, block);
}

/* ---- sections of an experiment ---- */

static const char *const section_names[]
    = { "experiment", "data",      "view",      "warp",     "encoder", "heads",
        "objective",  "optimizer", "schedule",  "run",      NULL };

/* (transfer full): of all operations of a kind. */
static char *
list_ids (CwKind kind)
{
  g_autoptr (GPtrArray) operations = cw_registry_list (kind);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < operations->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            ((const CwDescriptor *) operations->pdata[i])->id);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The keys that are in no table. */
static void
print_extra_keys (const char *section, const CwPipeline *pipeline)
{
  g_autoptr (GString) steps = g_string_new (NULL);
  g_autofree char *presets = NULL;
  g_autofree char *transforms = NULL;

  if (strcmp (section, "experiment") == 0)
    print_key ("seed", "1", "", "Seed", "Of everything random");
  if (strcmp (section, "view") != 0)
    return;
  presets = g_strjoinv (", ", (char **) cw_pipeline_preset_names ());
  transforms = list_ids (CW_KIND_TRANSFORM);
  for (int i = 0; i < pipeline->n_steps; i++)
    g_string_append_printf (steps, "%s%s", i > 0 ? ";" : "", pipeline->steps[i].name);
  print_key ("preset", "", presets, "Preset", "A pipeline that 'steps' and the sections of steps change");
  print_key ("steps", steps->str, transforms, "Steps",
             "Names of transforms, in their order; keys of one are in [view.STEP], as view.crop.scale-min");
}

/* The operation that the section is about. */
static void
print_type (const CwExperimentSection *section)
{
  g_autofree char *ids = list_ids (section->kind);

  print_key ("type", section->type->id, ids, section->label,
             "Its keys are in the section too; see 'contrawarp ops describe TYPE'");
}

static void
add_section (JsonBuilder *builder, const CwExperimentSection *section)
{
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "label", section->label);
  if (section->type != NULL)
    cw_json_add_string (builder, "type", section->type->id);
  else
    {
      json_builder_set_member_name (builder, "parameters");
      cw_params_describe (section->specs, builder);
    }
  json_builder_end_object (builder);
}

/* One of a step stands for what all have. */
static gboolean
is_of (const CwExperimentSection *section, const char *name, gboolean *step_seen)
{
  gboolean step = strcmp (name, "view") == 0 && g_str_has_prefix (section->name, "view.")
                  && section->type == NULL && !*step_seen;

  *step_seen = *step_seen || step;
  return step || strcmp (section->name, name) == 0;
}

/* Without the keys of the operations that a section is about: these are described by themselves. */
static void
describe_section (const char *name, JsonBuilder *builder, gboolean json)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autoptr (GPtrArray) sections = cw_experiment_list_sections (experiment);
  gboolean step_seen = FALSE;

  json_builder_set_member_name (builder, "sections");
  json_builder_begin_array (builder);
  if (!json)
    {
      printf ("sections\n  [%s]\n", name);
      print_extra_keys (name, experiment->recipe->views->pipeline);
    }
  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *section = sections->pdata[i];

      if (!is_of (section, name, &step_seen))
        continue;
      add_section (builder, section);
      if (json)
        continue;
      if (strcmp (section->name, name) != 0)
        printf ("  [view.STEP], besides the keys of the transform\n");
      if (section->type != NULL)
        print_type (section);
      else
        print_keys (section->specs, section->block);
    }
  json_builder_end_array (builder);
}

/* ---- the command ---- */

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
  else
    {
      g_autofree char *names = g_strjoinv (", ", (char **) section_names);

      printf ("sections of an experiment\n  %s\n", names);
    }
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
  if (g_strv_contains (section_names, id))
    {
      found++;
      describe_section (id, builder, json);
    }
  json_builder_end_object (builder);
  if (found == 0)
    {
      g_autoptr (GError) error = g_error_new (CW_ERROR, CW_ERROR_NOT_FOUND,
                                              "no operation or section '%s'; see 'contrawarp ops list'", id);

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
  return cw_cli_usage ("expected 'list' or 'describe ID|SECTION'");
}

const CwCommand cw_command_ops = {
  "ops", "list | describe ID|SECTION",
  "Transforms, warps, objectives …, and their parameters; those of an experiment's sections", run
};
