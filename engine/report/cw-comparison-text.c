/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-comparison.h"

#include <math.h>
#include <string.h>

#define VALUE_CHARS 32 /* of a setting, in the table */
#define MANY_COLUMNS 8

/* A table is an array of rows, a row one of cells (char *). */
static GPtrArray *
table_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
add_row (GPtrArray *table)
{
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (table, row);
  return row;
}

static glong
get_width (const GPtrArray *table, guint column)
{
  glong width = 0;

  for (guint r = 0; r < table->len; r++)
    {
      const GPtrArray *row = table->pdata[r];

      if (column < row->len)
        width = MAX (width, g_utf8_strlen (row->pdata[column], -1));
    }
  return width;
}

static void
add_cell (GPtrArray *row, const char *text)
{
  g_ptr_array_add (row, g_strdup (text));
}

static guint
count_columns (const GPtrArray *table)
{
  guint n = 0;

  for (guint r = 0; r < table->len; r++)
    n = MAX (n, ((const GPtrArray *) table->pdata[r])->len);
  return n;
}

/* (transfer full): columns as rows. */
static GPtrArray *
transpose (const GPtrArray *table)
{
  GPtrArray *turned = table_new ();

  for (guint c = 0; c < count_columns (table); c++)
    {
      GPtrArray *row = add_row (turned);

      for (guint r = 0; r < table->len; r++)
        {
          const GPtrArray *from = table->pdata[r];

          add_cell (row, c < from->len ? from->pdata[c] : "");
        }
    }
  return turned;
}

/* Each column is as wide as its widest cell, with two spaces behind. Many conditions and few scores are
 * better read the other way round. */
static void
print_table (GString *text, const GPtrArray *given)
{
  gboolean turn = count_columns (given) > MANY_COLUMNS && count_columns (given) > given->len;
  g_autoptr (GPtrArray) turned = turn ? transpose (given) : NULL;
  const GPtrArray *table = turn ? turned : given;

  for (guint r = 0; r < table->len; r++)
    {
      const GPtrArray *row = table->pdata[r];

      for (guint c = 0; c < row->len; c++)
        {
          const char *cell = row->pdata[c];
          glong pad = c + 1 < row->len ? get_width (table, c) + 2 - g_utf8_strlen (cell, -1) : 0;

          g_string_append_printf (text, "%s%*s", cell, (int) pad, "");
        }
      g_string_append_c (text, '\n');
    }
}

static void
add_labels (const CwComparison *self, GPtrArray *row)
{
  for (guint c = 0; c < self->n_conditions; c++)
    g_ptr_array_add (row, cw_comparison_dup_label (c));
}

static void
print_runs (GString *text, const CwComparison *self)
{
  for (guint c = 0; c < self->n_conditions; c++)
    {
      g_autofree char *label = cw_comparison_dup_label (c);
      const char *separator = ": ";

      g_string_append (text, label);
      for (guint r = 0; r < self->n_runs; r++)
        {
          const CwComparedRun *run = &self->runs[r];

          if (run->condition != c)
            continue;
          g_string_append_printf (text, "%s%s (seed %" G_GUINT64_FORMAT ")", separator, run->folder,
                                  run->seed);
          separator = ", ";
        }
      g_string_append_c (text, '\n');
    }
}

/* (transfer full): cut in the middle: both ends of a path say something. */
static char *
shorten (const char *value)
{
  g_autofree char *start = NULL;
  g_autofree char *end = NULL;
  glong n;

  if (value == NULL)
    return g_strdup ("-");
  n = g_utf8_strlen (value, -1);
  if (n <= VALUE_CHARS)
    return g_strdup (*value != '\0' ? value : "(empty)");
  start = g_utf8_substring (value, 0, VALUE_CHARS / 2);
  end = g_utf8_substring (value, n - VALUE_CHARS / 2 + 1, n);
  return g_strconcat (start, "…", end, NULL);
}

static void
print_settings (GString *text, const CwComparison *self)
{
  g_autoptr (GPtrArray) table = table_new ();
  GPtrArray *head;

  if (self->settings->len == 0)
    return;
  head = add_row (table);
  add_cell (head, "Settings that differ");
  add_labels (self, head);
  for (guint s = 0; s < self->settings->len; s++)
    {
      const CwComparedSetting *setting = self->settings->pdata[s];
      GPtrArray *row = add_row (table);

      add_cell (row, setting->key);
      for (guint c = 0; c < self->n_conditions; c++)
        g_ptr_array_add (row, shorten (setting->values[c]));
    }
  g_string_append_c (text, '\n');
  print_table (text, table);
}

/* (transfer full): without its unit. */
static char *
format_number (double value, CwScoreUnit unit, gboolean with_sign)
{
  g_autofree char *number = cw_score_format (value, unit);
  char *blank = strchr (number, ' ');

  if (blank != NULL)
    *blank = '\0';
  return g_strconcat (with_sign && value >= 0 ? "+" : "", number, NULL);
}

/* (transfer full): " (2)" where that are not all. */
static char *
format_count (const CwComparedSpread *spread, guint expected)
{
  return spread->n > 0 && spread->n < expected ? g_strdup_printf (" (%u)", spread->n) : g_strdup ("");
}

/* (transfer full): "55.4 ± 0.4 %", "55.4 % (1)" where of @expected seeds only one has it. */
static char *
format_spread (const CwComparedSpread *spread, CwScoreUnit unit, guint expected)
{
  g_autofree char *count = format_count (spread, expected);
  g_autofree char *mean = format_number (spread->mean, unit, FALSE);
  g_autofree char *sd = format_number (spread->sd, unit, FALSE);

  if (!isfinite (spread->mean))
    return g_steal_pointer (&mean);
  return g_strconcat (mean, isfinite (spread->sd) ? " ± " : "", isfinite (spread->sd) ? sd : "",
                      unit == CW_SCORE_SHARE ? " %" : "", count, NULL);
}

/* (transfer full): "+2.1 (+0.6 … +3.6)" */
static char *
format_difference (const CwComparedSpread *spread, CwScoreUnit unit, guint expected)
{
  g_autofree char *count = format_count (spread, expected);
  g_autofree char *mean = format_number (spread->mean, unit, TRUE);
  g_autofree char *low = format_number (spread->low, unit, TRUE);
  g_autofree char *high = format_number (spread->high, unit, TRUE);

  return isfinite (spread->low) ? g_strdup_printf ("%s (%s … %s)%s", mean, low, high, count)
                                : g_strconcat (mean, count, NULL);
}

/* One for all, or one for each condition. Without a spread: a floor does not depend on the seed of a training. */
static void
add_floors (GPtrArray *row, const CwComparison *self, const CwComparedScore *score, CwContender contender)
{
  for (guint c = 0; c < (self->same_floors ? 1 : self->n_conditions); c++)
    {
      CwComparedSpread spread
          = cw_comparison_spread (self, score, contender, self->same_floors ? CW_COMPARED_ALL : c);

      spread.sd = (double) NAN;
      g_ptr_array_add (row, format_spread (&spread, score->unit, 0));
    }
}

static void
add_names (GPtrArray *row, const CwComparedScore *score)
{
  g_ptr_array_add (row, *score->parameters != '\0'
                            ? g_strdup_printf ("%s %s", score->protocol, score->parameters)
                            : g_strdup (score->protocol));
  g_ptr_array_add (row, cw_score_dup_name (score->id));
}

static void
add_score (GPtrArray *table, const CwComparison *self, const CwComparedScore *score)
{
  GPtrArray *row = add_row (table);

  add_names (row, score);
  for (guint c = 0; c < self->n_conditions; c++)
    {
      CwComparedSpread spread = cw_comparison_spread (self, score, CW_CONTENDER_TRAINED, c);

      g_ptr_array_add (row, format_spread (&spread, score->unit, cw_comparison_count_seeds (self, c)));
    }
  add_floors (row, self, score, CW_CONTENDER_RANDOM_INIT);
  add_floors (row, self, score, CW_CONTENDER_PIXELS);
}

static void
add_floor_labels (const CwComparison *self, GPtrArray *row, const char *name)
{
  if (self->same_floors)
    add_cell (row, name);
  for (guint c = 0; !self->same_floors && c < self->n_conditions; c++)
    {
      g_autofree char *label = cw_comparison_dup_label (c);

      g_ptr_array_add (row, g_strdup_printf ("%s %s", label, name));
    }
}

static void
print_scores (GString *text, const CwComparison *self, const CwComparedEvaluation *e,
              const GPtrArray *scores)
{
  g_autoptr (GPtrArray) table = table_new ();
  GPtrArray *head = add_row (table);

  add_cell (head, "Mean ± s.d. over seeds");
  add_cell (head, "");
  add_labels (self, head);
  add_floor_labels (self, head, "random init");
  add_floor_labels (self, head, "pixels");
  for (guint s = 0; s < scores->len; s++)
    add_score (table, self, scores->pdata[s]);
  if (isfinite (e->majority))
    {
      GPtrArray *row = add_row (table);

      add_cell (row, "floor");
      add_cell (row, "majority class");
      g_ptr_array_add (row, cw_score_format (e->majority, CW_SCORE_SHARE));
    }
  print_table (text, table);
}

/* Whether a seed of condition @c and of the reference was scored like this. */
static gboolean
has_difference (const CwComparison *self, const CwComparedEvaluation *e, const GPtrArray *scores,
                guint c)
{
  for (guint s = 0; s < scores->len && c != self->reference; s++)
    {
      if (cw_comparison_difference (self, e, scores->pdata[s], c, self->reference).n > 0)
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
make_differences (const CwComparison *self, const CwComparedEvaluation *e, const GPtrArray *scores,
                  const gboolean *has)
{
  GPtrArray *table = table_new ();
  g_autofree char *reference = cw_comparison_dup_label (self->reference);
  GPtrArray *head = add_row (table);

  add_cell (head, "Difference (95 %)");
  add_cell (head, "");
  for (guint c = 0; c < self->n_conditions; c++)
    {
      g_autofree char *label = cw_comparison_dup_label (c);

      if (has[c])
        g_ptr_array_add (head, g_strdup_printf ("%s − %s", label, reference));
    }
  for (guint s = 0; s < scores->len; s++)
    {
      const CwComparedScore *score = scores->pdata[s];
      GPtrArray *row = add_row (table);

      add_names (row, score);
      for (guint c = 0; c < self->n_conditions; c++)
        {
          CwComparedSpread difference;

          if (!has[c])
            continue;
          difference = cw_comparison_difference (self, e, score, c, self->reference);
          g_ptr_array_add (row, format_difference (&difference, score->unit,
                                                   cw_comparison_count_seeds (self, c)));
        }
    }
  return table;
}

static void
print_differences (GString *text, const CwComparison *self, const CwComparedEvaluation *e,
                   const GPtrArray *scores)
{
  g_autofree gboolean *has = g_new0 (gboolean, self->n_conditions);
  g_autoptr (GPtrArray) table = NULL;
  gboolean any = FALSE;

  for (guint c = 0; c < self->n_conditions; c++)
    {
      has[c] = has_difference (self, e, scores, c);
      any = any || has[c];
    }
  g_string_append_c (text, '\n');
  if (any)
    {
      table = make_differences (self, e, scores, has);
      print_table (text, table);
    }
  else
    {
      g_autofree char *reference = cw_comparison_dup_label (self->reference);

      g_string_append_printf (text, "No differences: no other condition has a seed in common with %s here.\n",
                              reference);
    }
}

static void
print_step (GString *text, const char *whose, gint64 step)
{
  if (step >= 0)
    g_string_append_printf (text, "%s: after %" G_GINT64_FORMAT " steps.\n", whose, step);
  else
    g_string_append_printf (text, "%s: not evaluated like this.\n", whose);
}

static void
print_steps (GString *text, const CwComparison *self, const CwComparedEvaluation *e)
{
  for (guint c = 0; c < self->n_conditions; c++)
    {
      g_autofree char *labels = cw_comparison_dup_same_step (self, e, c);
      gint64 step;

      if (cw_comparison_find_step (self, e, c, &step))
        {
          if (labels != NULL)
            print_step (text, labels, step);
          continue;
        }
      for (guint r = 0; r < self->n_runs; r++)
        {
          if (self->runs[r].condition == c)
            print_step (text, self->runs[r].folder, e->steps[r]);
        }
    }
}

char *
cw_comparison_to_text (const CwComparison *self)
{
  GString *text = g_string_new (NULL);

  print_runs (text, self);
  print_settings (text, self);
  for (guint i = 0; i < self->evaluations->len; i++)
    {
      const CwComparedEvaluation *e = self->evaluations->pdata[i];
      g_autoptr (GPtrArray) scores = cw_comparison_list_scores (self, e);

      g_string_append_printf (text,
                              "\nOn %s: fitted on %" G_GINT64_FORMAT ", scored on %" G_GINT64_FORMAT
                              " (%s); encoder %s, norms %s.\n",
                              e->data, e->n_fit, e->n_score, e->split, e->network, e->norm);
      print_steps (text, self, e);
      g_string_append_c (text, '\n');
      print_scores (text, self, e, scores);
      if (self->n_conditions > 1)
        print_differences (text, self, e, scores);
    }
  if (self->evaluations->len == 0)
    g_string_append (text, "\nNone of these runs keeps an evaluation; 'contrawarp evaluate --model RUN "
                           "DATA' keeps one.\n");
  else if (self->n_conditions > 1)
    g_string_append (text, "\nDifferences are over the seeds that both have, with Student's 95 % "
                           "interval of their mean. In brackets alone: how many seeds, where not all.\n");
  for (guint i = 0; i < self->notes->len; i++)
    g_string_append_printf (text, "\n%s\n", (const char *) self->notes->pdata[i]);
  return g_string_free (text, FALSE);
}
