/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <stdio.h>
#include <string.h>

static void
add_splits (JsonBuilder *builder, CwDataset *dataset)
{
  json_builder_set_member_name (builder, "splits");
  json_builder_begin_object (builder);
  for (int split = CW_SPLIT_NONE; split < CW_N_SPLITS; split++)
    {
      guint n = cw_dataset_count_split (dataset, split);

      if (n > 0)
        cw_cli_add_int (builder, cw_split_name (split), n);
    }
  json_builder_end_object (builder);
}

/* Items of @label in @split; split -2 = in all. */
static guint
count_label (CwDataset *dataset, int label, int split)
{
  guint n = 0;

  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      n += item->label == label && (split == -2 || (int) item->split == split);
    }
  return n;
}

static void
add_label_counts (JsonBuilder *builder, CwDataset *dataset, int split)
{
  json_builder_begin_object (builder);
  for (guint label = 0; label < cw_dataset_get_n_labels (dataset); label++)
    cw_cli_add_int (builder, cw_dataset_get_label (dataset, (int) label),
                    count_label (dataset, (int) label, split));
  cw_cli_add_int (builder, "unlabelled", count_label (dataset, -1, split));
  json_builder_end_object (builder);
}

static void
add_labels (JsonBuilder *builder, CwDataset *dataset)
{
  json_builder_set_member_name (builder, "labels");
  add_label_counts (builder, dataset, -2);
  json_builder_set_member_name (builder, "labels_by_split");
  json_builder_begin_object (builder);
  for (int split = CW_SPLIT_NONE; split < CW_N_SPLITS; split++)
    {
      if (cw_dataset_count_split (dataset, split) == 0)
        continue;
      json_builder_set_member_name (builder, cw_split_name (split));
      add_label_counts (builder, dataset, split);
    }
  json_builder_end_object (builder);
}

static void
add_rejected (JsonBuilder *builder, const char *name, const char *reason)
{
  json_builder_begin_object (builder);
  cw_cli_add_string (builder, "name", name);
  cw_cli_add_string (builder, "reason", reason);
  json_builder_end_object (builder);
}

static void
print_json (CwDataset *dataset, GPtrArray *unreadable)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_cli_add_string (builder, "location", cw_dataset_get_location (dataset));
  cw_cli_add_string (builder, "layout", cw_dataset_get_layout (dataset));
  cw_cli_add_int (builder, "items", cw_dataset_get_n_items (dataset));
  add_splits (builder, dataset);
  add_labels (builder, dataset);
  cw_cli_add_int (builder, "subjects", cw_dataset_get_n_subjects (dataset));
  json_builder_set_member_name (builder, "columns");
  json_builder_begin_array (builder);
  for (guint i = 0; i < cw_dataset_get_n_columns (dataset); i++)
    json_builder_add_string_value (builder, cw_dataset_get_column_name (dataset, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "rejected");
  json_builder_begin_array (builder);
  for (guint i = 0; i < cw_dataset_get_n_rejected (dataset); i++)
    {
      const CwRejected *r = cw_dataset_get_rejected (dataset, i);

      add_rejected (builder, r->name, r->reason);
    }
  for (guint i = 0; unreadable != NULL && i < unreadable->len; i++)
    {
      const CwRejected *r = unreadable->pdata[i];

      add_rejected (builder, r->name, r->reason);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static void
print_text (CwDataset *dataset, GPtrArray *unreadable)
{
  guint n_unreadable = unreadable != NULL ? unreadable->len : 0;

  printf ("%s: layout %s, %u pictures, %u subjects\n", cw_dataset_get_location (dataset),
          cw_dataset_get_layout (dataset), cw_dataset_get_n_items (dataset),
          cw_dataset_get_n_subjects (dataset));
  for (int split = CW_SPLIT_NONE; split < CW_N_SPLITS; split++)
    {
      if (cw_dataset_count_split (dataset, split) == 0)
        continue;
      printf ("%-8s %8u", split == CW_SPLIT_NONE ? "all" : cw_split_name (split),
              cw_dataset_count_split (dataset, split));
      for (guint label = 0; label < cw_dataset_get_n_labels (dataset); label++)
        printf ("  %s %u", cw_dataset_get_label (dataset, (int) label),
                count_label (dataset, (int) label, split));
      printf ("  unlabelled %u\n", count_label (dataset, -1, split));
    }
  if (cw_dataset_get_n_rejected (dataset) + n_unreadable > 0)
    printf ("refused: %u\n", cw_dataset_get_n_rejected (dataset) + n_unreadable);
  for (guint i = 0; i < cw_dataset_get_n_rejected (dataset); i++)
    printf ("  %s: %s\n", cw_dataset_get_rejected (dataset, i)->name,
            cw_dataset_get_rejected (dataset, i)->reason);
  for (guint i = 0; i < n_unreadable; i++)
    {
      const CwRejected *r = unreadable->pdata[i];

      printf ("  %s: %s\n", r->name, r->reason);
    }
}

static int
run (int argc, char **argv)
{
  g_autofree char *reader = NULL;
  g_autofree char *options = NULL;
  gboolean json = FALSE, quick = FALSE;
  const GOptionEntry entries[] = {
    { "reader", 'r', 0, G_OPTION_ARG_STRING, &reader, "Read it as this layout (see 'ops list')",
      "ID" },
    { "options", 'O', 0, G_OPTION_ARG_STRING, &options, "The reader's parameters",
      "KEY=VALUE&…" },
    { "quick", 'q', 0, G_OPTION_ARG_NONE, &quick, "Do not decode the pictures", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwJob) job = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (GPtrArray) unreadable = NULL;
  int status;

  if (!cw_cli_parse (&cw_command_dataset, NULL, entries, &argc, &argv, 2, 2, &status))
    return status;
  if (strcmp (argv[1], "scan") != 0)
    return cw_cli_usage ("unknown action '%s'; there is: scan", argv[1]);

  job = cw_cli_job_new ();
  dataset = cw_dataset_open (argv[2], reader, options, job, &error);
  if (dataset == NULL)
    return cw_cli_fail (error);
  if (!quick && !cw_dataset_check (dataset, job, &unreadable, &error))
    return cw_cli_fail (error);
  cw_cli_job_done ();
  if (json)
    print_json (dataset, unreadable);
  else
    print_text (dataset, unreadable);
  return CW_CLI_OK;
}

const CwCommand cw_command_dataset = {
  "dataset", "scan LOCATION", "What a folder of pictures is, and what is wrong with it", run
};
