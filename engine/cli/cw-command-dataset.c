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
        cw_json_add_int (builder, cw_split_name (split), n);
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
    cw_json_add_int (builder, cw_dataset_get_label (dataset, (int) label),
                     count_label (dataset, (int) label, split));
  cw_json_add_int (builder, "unlabelled", count_label (dataset, -1, split));
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
  cw_json_add_string (builder, "name", name);
  cw_json_add_string (builder, "reason", reason);
  json_builder_end_object (builder);
}

static void
print_json (CwDataset *dataset, GPtrArray *unreadable)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "location", cw_dataset_get_location (dataset));
  cw_json_add_string (builder, "layout", cw_dataset_get_layout (dataset));
  cw_json_add_int (builder, "items", cw_dataset_get_n_items (dataset));
  add_splits (builder, dataset);
  add_labels (builder, dataset);
  cw_json_add_int (builder, "subjects", cw_dataset_get_n_subjects (dataset));
  cw_json_add_int (builder, "triplets", cw_dataset_get_n_triplets (dataset));
  json_builder_set_member_name (builder, "columns");
  json_builder_begin_array (builder);
  for (guint i = 0; i < cw_dataset_get_n_columns (dataset); i++)
    json_builder_add_string_value (builder, cw_dataset_get_column_name (dataset, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "remarks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < cw_dataset_get_n_remarks (dataset); i++)
    json_builder_add_string_value (builder, cw_dataset_get_remark (dataset, i));
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
  if (cw_dataset_get_n_triplets (dataset) > 0)
    printf ("triplets: %u\n", cw_dataset_get_n_triplets (dataset));
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
  for (guint i = 0; i < cw_dataset_get_n_remarks (dataset); i++)
    printf ("remark: %s\n", cw_dataset_get_remark (dataset, i));
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

/* ---- scan ---- */

typedef struct
{
  char *reader, *options, *output;
  int side;
  gboolean json, quick;
} Options;

static int
scan (CwDataset *dataset, const Options *options, CwJob *job)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) unreadable = NULL;

  if (!options->quick && !cw_dataset_check (dataset, job, &unreadable, &error))
    return cw_cli_fail (error);
  cw_cli_job_done ();
  if (options->json)
    print_json (dataset, unreadable);
  else
    print_text (dataset, unreadable);
  return CW_CLI_OK;
}

/* ---- pack ---- */

static void
print_pack_json (CwDataset *dataset, const char *path, const CwPackReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "location", cw_dataset_get_location (dataset));
  cw_json_add_string (builder, "pack", path);
  cw_json_add_int (builder, "items", report->n);
  cw_json_add_int (builder, "side", report->side);
  cw_json_add_int (builder, "channels", report->channels);
  json_builder_set_member_name (builder, "rejected");
  json_builder_begin_array (builder);
  for (guint i = 0; i < cw_dataset_get_n_rejected (dataset); i++)
    add_rejected (builder, cw_dataset_get_rejected (dataset, i)->name,
                  cw_dataset_get_rejected (dataset, i)->reason);
  for (guint i = 0; i < report->rejected->len; i++)
    {
      const CwRejected *r = report->rejected->pdata[i];

      add_rejected (builder, r->name, r->reason);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static void
print_pack_text (CwDataset *dataset, const char *path, const CwPackReport *report)
{
  guint n = cw_dataset_get_n_rejected (dataset) + report->rejected->len;

  printf ("%s: %u pictures, %d x %d, %s\n", path, report->n, report->side, report->side,
          report->channels == 3 ? "RGB" : "grey");
  if (n > 0)
    printf ("left out: %u\n", n);
  for (guint i = 0; i < cw_dataset_get_n_rejected (dataset); i++)
    printf ("  %s: %s\n", cw_dataset_get_rejected (dataset, i)->name,
            cw_dataset_get_rejected (dataset, i)->reason);
  for (guint i = 0; i < report->rejected->len; i++)
    {
      const CwRejected *r = report->rejected->pdata[i];

      printf ("  %s: %s\n", r->name, r->reason);
    }
}

static int
pack (CwDataset *dataset, const Options *options, CwJob *job)
{
  g_autoptr (GError) error = NULL;
  g_auto (CwPackReport) report = { 0 };

  if (!cw_pack_write (dataset, options->output, options->side, job, &report, &error))
    return cw_cli_fail (error);
  cw_cli_job_done ();
  if (options->json)
    print_pack_json (dataset, options->output, &report);
  else
    print_pack_text (dataset, options->output, &report);
  return CW_CLI_OK;
}

/* ---- the command ---- */

static int
check_options (const char *action, const Options *options)
{
  gboolean packs = strcmp (action, "pack") == 0;

  if (!packs && strcmp (action, "scan") != 0)
    return cw_cli_usage ("unknown action '%s'; there are: scan, pack", action);
  if (packs && options->output == NULL)
    return cw_cli_usage ("pack: name the pack with -o NAME.npy");
  if (packs && !g_str_has_suffix (options->output, ".npy"))
    return cw_cli_usage ("--output %s: the name of a pack ends in .npy", options->output);
  if (packs && options->quick)
    return cw_cli_usage ("--quick is for scan");
  if (!packs && (options->output != NULL || options->side != 0))
    return cw_cli_usage ("-o and --side are for pack");
  if (options->side != 0
      && (options->side < CW_PACK_MIN_SIDE || options->side > CW_PACK_MAX_SIDE))
    return cw_cli_usage ("--side %d is outside %d to %d", options->side, CW_PACK_MIN_SIDE,
                         CW_PACK_MAX_SIDE);
  return CW_CLI_OK;
}

static int
run (int argc, char **argv)
{
  Options options = { 0 };
  const GOptionEntry entries[] = {
    { "reader", 'r', 0, G_OPTION_ARG_FILENAME, &options.reader,
      "Read it as this layout (see 'ops list')", "ID" },
    { "options", 'O', 0, G_OPTION_ARG_FILENAME, &options.options, "The reader's parameters",
      "KEY=VALUE&…" },
    { "quick", 'q', 0, G_OPTION_ARG_NONE, &options.quick, "scan: do not decode the pictures", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      "pack: the file to write; its table goes beside it", "NAME.npy" },
    { "side", 0, 0, G_OPTION_ARG_INT, &options.side,
      "pack: side of a crop, px (default: the shorter one of the first picture, 256 at most)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwJob) job = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  int status;

  if (!cw_cli_parse (&cw_command_dataset,
                     "scan: what a folder of pictures is, and what is wrong with it\n"
                     "pack: decodes all pictures into one file, from which training reads them as "
                     "they are",
                     entries, &argc, &argv, 2, 2, &status))
    return status;
  status = check_options (argv[1], &options);
  if (status != CW_CLI_OK)
    return status;

  job = cw_cli_job_new ();
  dataset = cw_dataset_open (argv[2], options.reader, options.options, job, &error);
  if (dataset == NULL)
    return cw_cli_fail (error);
  return strcmp (argv[1], "pack") == 0 ? pack (dataset, &options, job)
                                       : scan (dataset, &options, job);
}

const CwCommand cw_command_dataset = {
  "dataset", "scan|pack LOCATION", "What a folder of pictures is; packs for training", run,
};
