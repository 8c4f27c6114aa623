/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-command-run-rank.h"

#include "cli/cw-cli.h"

#include <math.h>
#include <stdio.h>

/* One checkpoint. */
typedef struct
{
  guint64 step;
  CwSelectionScores scores;
} Row;

static const struct
{
  const char *id, *title;
  gsize offset;
} columns[] = {
  { "rankme", "RankMe", offsetof (CwSelectionScores, rankme) },
  { "alignment", "alignment", offsetof (CwSelectionScores, alignment) },
  { "uniformity", "uniformity", offsetof (CwSelectionScores, uniformity) },
  { "margin_auc", "margin AUC", offsetof (CwSelectionScores, margin_auc) },
  { "accuracy", "accuracy", offsetof (CwSelectionScores, accuracy) },
};

/* Behind the scores without labels. */
#define ACCURACY (G_N_ELEMENTS (columns) - 1)

static double
get_score (const Row *row, gsize column)
{
  return G_STRUCT_MEMBER (double, &row->scores, columns[column].offset);
}

static double
correlate (const GArray *rows, gsize column)
{
  g_autofree double *scores = g_new (double, rows->len + 1);
  g_autofree double *accuracies = g_new (double, rows->len + 1);

  for (guint i = 0; i < rows->len; i++)
    {
      scores[i] = get_score (&g_array_index (rows, Row, i), column);
      accuracies[i] = get_score (&g_array_index (rows, Row, i), ACCURACY);
    }
  return cw_metrics_spearman (scores, accuracies, rows->len);
}

void
cw_cli_rank_clear (CwCliRank *rank)
{
  cw_cli_model_clear (&rank->model);
  g_free (rank->reader);
  g_free (rank->options);
}

gboolean
cw_cli_rank_is_given (const CwCliRank *rank)
{
  return rank->model.encoder != NULL || rank->model.norm != NULL || rank->reader != NULL
         || rank->options != NULL || rank->seed != CW_CLI_RANK_NO_SEED || rank->no_cache;
}

/* Those of @run that can be loaded. What is wrong with the others is told; where there are no more,
 * what is wrong with the first. */
static gboolean
score_checkpoints (const char *run, const CwCliRank *rank, const CwViews *views, CwDataset *dataset,
                   GArray *rows, CwJob *job, GError **error)
{
  g_autoptr (GArray) steps = cw_checkpoint_list (run);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < steps->len; i++)
    {
      guint64 step = g_array_index (steps, guint64, i);
      g_autofree char *path = cw_checkpoint_dup_path (run, step);
      CwCliModel which = rank->model;
      g_autoptr (GError) broken = NULL;
      g_autoptr (CwModel) model = NULL;
      Row row = { .step = step };

      which.path = path;
      model = cw_cli_model_load (&which, &broken);
      if (model == NULL)
        {
          g_ptr_array_add (messages, g_strdup (broken->message));
          continue;
        }
      cw_job_set_span (job, (double) i / steps->len, (double) (i + 1) / steps->len);
      if (!cw_selection_score_model (model, views, dataset, (guint64) rank->seed, &row.scores, job,
                                     error))
        return FALSE;
      g_array_append_val (rows, row);
    }
  for (guint i = 0; i < messages->len && rows->len > 0; i++)
    fprintf (stderr, "contrawarp: %s\n", (const char *) messages->pdata[i]);
  if (rows->len == 0)
    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s%s",
                 messages->len > 0 ? "" : run,
                 messages->len > 0 ? (const char *) messages->pdata[0] : ": a run without a checkpoint");
  return rows->len > 0;
}

static void
print_json (const char *run, const char *data, const CwCliRank *rank, const GArray *rows)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "run", run);
  cw_json_add_string (builder, "data", data);
  cw_json_add_int (builder, "seed", rank->seed);
  cw_cli_model_to_json (&rank->model, builder);
  json_builder_set_member_name (builder, "checkpoints");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      json_builder_begin_object (builder);
      cw_json_add_int (builder, "step", (gint64) row->step);
      cw_json_add_int (builder, "n", row->scores.n_pictures);
      for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
        cw_json_add_number (builder, columns[c].id, get_score (row, c));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "spearman");
  json_builder_begin_object (builder);
  for (gsize c = 0; c < ACCURACY; c++)
    cw_json_add_number (builder, columns[c].id, correlate (rows, c));
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static void
print_cell (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  printf (" %11s", isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.4f", value) : "-");
}

static void
print_table (const GArray *rows)
{
  printf ("%10s", "step");
  for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
    printf (" %11s", columns[c].title);
  printf ("\n");
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      printf ("%10" G_GUINT64_FORMAT, row->step);
      for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
        print_cell (get_score (row, c));
      printf ("\n");
    }
  printf ("%10s", "Spearman");
  for (gsize c = 0; c < ACCURACY; c++)
    print_cell (correlate (rows, c));
  printf ("\n\nRank correlation with the probe's accuracy over %u checkpoints. Lower is better for "
          "alignment and uniformity.\n",
          rows->len);
}

int
cw_cli_run_rank (const char *run, const char *data, CwCliRank *rank, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRun) opened = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (CwJob) job = NULL;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  int status;

  if (!cw_cli_model_check (&rank->model, &status))
    return status;
  if (rank->seed == CW_CLI_RANK_NO_SEED)
    rank->seed = 1;
  if (rank->seed < 0)
    return cw_cli_usage ("--seed %d is negative", rank->seed);
  cw_features_cache_set_limit (rank->no_cache ? 0 : CW_FEATURES_CACHE_LIMIT);
  job = cw_cli_job_new ();
  opened = cw_run_open (run, &error);
  dataset = opened != NULL ? cw_dataset_open (data, rank->reader, rank->options, job, &error) : NULL;
  if (dataset == NULL
      || !score_checkpoints (run, rank, cw_run_get_experiment (opened)->recipe->views, dataset, rows,
                             job, &error))
    return cw_cli_fail (error);
  cw_cli_job_done ();
  if (json)
    print_json (run, data, rank, rows);
  else
    print_table (rows);
  return CW_CLI_OK;
}
