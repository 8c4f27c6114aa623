/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-report.h"

#include "base/cw-error.h"
#include "data/cw-loader.h"
#include "data/cw-picture.h"
#include "data/cw-split.h"
#include "report/cw-svg.h"
#include "search/cw-index.h"

#include <math.h>
#include <string.h>

#define N_QUERIES 6
#define N_NEIGHBOURS 8
#define N_EXAMPLES 4
#define THUMB_SIDE 72
#define VIEW_SIDE 132

static const char style[]
    = ":root{--grid:#ddd;--good:#2a9d5c;--line:#ccc}"
      "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
      "color:#222;background:#fff}"
      "@media(prefers-color-scheme:dark){:root{--grid:#444;--line:#555}"
      "body{color:#e6e6e6;background:#1e1e1e}}"
      "table{border-collapse:collapse}td,th{padding:.3rem .8rem;border-bottom:1px solid var(--line);"
      "text-align:right}th:first-child,td:first-child,.text{text-align:left}"
      "figure{margin:1rem 0}figcaption{opacity:.75;font-size:.9em}"
      ".row{display:flex;gap:6px;align-items:flex-end;margin:4px 0;flex-wrap:wrap}"
      ".face{text-align:center;font-size:11px;line-height:1.25}"
      ".face img{display:block;width:72px;height:72px;object-fit:cover;border:3px solid transparent;"
      "border-radius:4px}.face.same img{border-color:var(--good)}"
      ".face.query img{border-color:currentColor}.name{width:5.5rem;font-size:13px}"
      "pre{overflow:auto;font-size:12px}";

static char *
escape (const char *text)
{
  return g_markup_escape_text (text, -1);
}

/* A row for each score that protocol @p gave, or one that says why it gave none. */
static void
add_protocol (GString *html, const CwEvaluation *e, int p)
{
  const CwScores *trained = &e->scores[CW_CONTENDER_TRAINED][p];
  g_autofree char *label = escape (e->protocols[p]->base.label);

  if (e->reasons[p] != NULL)
    {
      g_autofree char *reason = escape (e->reasons[p]);

      g_string_append_printf (html, "<tr><td>%s</td><td colspan='4' class='text'>skipped: %s</td></tr>",
                              label, reason);
    }
  for (int s = 0; s < trained->n_scores; s++)
    {
      g_autofree char *name = cw_score_dup_name (trained->scores[s].id);

      g_string_append_printf (html, "<tr><td>%s</td><td class='text'>%s</td>", s == 0 ? label : "",
                              name);
      for (int c = 0; c < CW_N_CONTENDERS; c++)
        {
          g_autofree char *cell = cw_score_dup_text (&e->scores[c][p].scores[s]);

          g_string_append_printf (html, "<td>%s</td>", cell);
        }
      g_string_append (html, "</tr>");
    }
}

static void
add_scores (GString *html, const CwEvaluation *e)
{
  g_autofree char *majority = cw_score_format (e->majority, CW_SCORE_SHARE);

  g_string_append (html, "<h2>Scores and their floors</h2><table><tr><th>Protocol</th>"
                         "<th class='text'>Score</th><th>Trained</th><th>Random init</th>"
                         "<th>Pixels</th></tr>");
  for (int p = 0; p < e->n_protocols; p++)
    add_protocol (html, e, p);
  g_string_append_printf (html,
                          "<tr><td>Majority class</td><td></td><td>%s</td><td></td><td></td></tr>"
                          "</table><p>In brackets: 95 %% bootstrap interval. %u pictures to fit on, "
                          "%u scored (%s).</p>",
                          majority, e->n_fit, e->n_score, e->split);
}

typedef double (*RecordFunc) (const CwStepRecord *record);

static double get_loss (const CwStepRecord *r) { return r->loss; }
static double get_cos_positive (const CwStepRecord *r) { return r->cos_positive; }
static double get_cos_negative (const CwStepRecord *r) { return r->cos_negative; }

static void
add_chart (GString *html, GArray *records, const char *title, const char *const *names,
           const RecordFunc *funcs, guint n_series)
{
  static const char *const colours[] = { "#3584e4", "#e66100", "#9141ac" };
  g_autofree double *x = g_new (double, records->len);
  g_autofree CwSvgSeries *series = g_new0 (CwSvgSeries, n_series);
  g_autofree double *y = g_new (double, (gsize) records->len * n_series);
  g_autofree char *svg = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      const CwStepRecord *r = &g_array_index (records, CwStepRecord, i);

      x[i] = (double) r->step + 1;
      for (guint s = 0; s < n_series; s++)
        y[(gsize) s * records->len + i] = funcs[s](r);
    }
  for (guint s = 0; s < n_series; s++)
    series[s] = (CwSvgSeries) { names[s], colours[s % G_N_ELEMENTS (colours)], records->len, x,
                                y + (gsize) s * records->len };
  svg = cw_svg_chart (title, "step", series, n_series, 460, 260);
  g_string_append (html, svg);
}

static void
add_curves (GString *html, CwRun *run)
{
  g_autoptr (GArray) records = cw_run_dup_records (run, 0);

  g_string_append (html, "<h2>Training</h2>");
  if (records->len == 0)
    {
      g_string_append (html, "<p>No step was recorded.</p>");
      return;
    }
  g_string_append (html, "<figure>");
  add_chart (html, records, "Loss", (const char *[]) { "loss" },
             (RecordFunc[]) { get_loss }, 1);
  add_chart (html, records, "Cosines",
             (const char *[]) { "cos (anchor, positive)", "cos (anchor, warp negative)" },
             (RecordFunc[]) { get_cos_positive, get_cos_negative }, 2);
  g_string_append (html,
                   "<figcaption>Loss, and the similarity of the anchor to its positive and to its "
                   "warp negative: the further apart the two, the better the encoder notices a "
                   "local warp.</figcaption></figure>");
}

static gboolean
add_views_of (GString *html, const CwReportInput *input, guint32 item, CwRenderer *renderer,
              GError **error)
{
  const CwExperiment *experiment = cw_run_get_experiment (input->run);
  const CwViews *views = experiment->recipe->views;
  int size = views->preprocess.size, n = cw_views_count (views);
  g_autofree float *pixels = g_new (float, (gsize) size * (gsize) size * 3);
  g_autoptr (CwField) field = cw_field_new (size, size);
  g_autoptr (CwImage) source
      = cw_dataset_load_image (input->dataset, item, 2 * VIEW_SIDE, error);
  g_autofree char *picture = NULL;

  if (source == NULL)
    return FALSE;
  picture = cw_svg_picture (source, NULL, VIEW_SIDE, 1, "source picture", error);
  if (picture == NULL)
    return FALSE;
  g_string_append_printf (html, "<div class='row'><div class='face'>%s<br>source</div>", picture);
  for (int view = 0; view < n; view++)
    {
      CwViewDraw draw;
      CwFieldStats stats;
      g_autofree float *scratch = g_new (float, (gsize) size * (gsize) size);
      g_autoptr (CwImage) image = NULL;
      g_autofree char *svg = NULL;
      char magnitude[G_ASCII_DTOSTR_BUF_SIZE];

      if (!cw_loader_render_view (input->dataset, item, views, experiment->data.source_side,
                                  experiment->recipe->seed, 0, view, renderer, pixels, field,
                                  &draw, error))
        return FALSE;
      image = cw_picture_from_float (pixels, size, size);
      cw_field_stats (field, scratch, &stats);
      svg = cw_svg_picture (image, view >= 2 ? field : NULL, VIEW_SIDE, 11,
                            view == 0 ? "anchor" : view == 1 ? "positive" : "warp negative", error);
      if (svg == NULL)
        return FALSE;
      g_string_append_printf (html, "<div class='face'>%s<br>%s", svg,
                              view == 0   ? "anchor"
                              : view == 1 ? "positive"
                                          : "warp negative, ");
      if (view >= 2)
        g_string_append_printf (
            html, "up to %s px",
            g_ascii_formatd (magnitude, sizeof magnitude, "%.1f", (double) stats.max));
      g_string_append (html, "</div>");
    }
  g_string_append (html, "</div>");
  return TRUE;
}

static gboolean
add_views (GString *html, const CwReportInput *input, const guint32 *items, guint n,
           GError **error)
{
  const CwViews *views = cw_run_get_experiment (input->run)->recipe->views;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (views->preprocess.size);

  g_string_append (html, "<h2>What the encoder was shown</h2><figure>");
  for (guint i = 0; i < MIN (n, N_EXAMPLES); i++)
    {
      if (!add_views_of (html, input, items[i], renderer, error))
        return FALSE;
    }
  g_string_append (html,
                   "<figcaption>Two global transforms of the same face (anchor and positive keep "
                   "the expression) and local warps of the positive (which change it). Arrows show "
                   "where the warp moved the face.</figcaption></figure>");
  return TRUE;
}

static gboolean
add_face (GString *html, CwDataset *dataset, guint32 item, const char *class, const char *caption,
          GError **error)
{
  g_autoptr (CwImage) image = cw_dataset_load_image (dataset, item, THUMB_SIDE, error);
  g_autofree char *uri = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;
  const CwItem *it = cw_dataset_get_item (dataset, item);

  if (image == NULL || (uri = cw_svg_data_uri (image, error)) == NULL)
    return FALSE;
  name = escape (it->name);
  label = escape (it->label >= 0 ? cw_dataset_get_label (dataset, it->label) : "");
  g_string_append_printf (html,
                          "<div class='face %s'><img src='%s' alt='%s' title='%s'>%s<br>%s</div>",
                          class, uri, label, name, label, caption);
  return TRUE;
}

typedef struct
{
  const CwFeatures *features;
  guint32 query; /* row */
} Bar;

static gboolean
is_barred (guint32 row, gpointer user_data)
{
  const Bar *bar = user_data;
  const CwFeatures *f = bar->features;

  return row == bar->query || f->hashes[row] == f->hashes[bar->query]
         || (f->subjects[row] >= 0 && f->subjects[row] == f->subjects[bar->query]);
}

static gboolean
add_neighbours_of (GString *html, const CwReportInput *input, const CwFeatures *features,
                   CwIndex *index, guint32 query, const char *name, GError **error)
{
  Bar bar = { features, query };
  CwNeighbour found[N_NEIGHBOURS];
  guint n = cw_index_search (index, cw_index_get_row (index, query), N_NEIGHBOURS, is_barred,
                             &bar, found);

  g_string_append_printf (html, "<div class='row'><div class='name'>%s</div>", name);
  if (!add_face (html, input->dataset, features->items[query], "query", "query", error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      char score[G_ASCII_DTOSTR_BUF_SIZE];
      gboolean same = features->labels[found[i].row] == features->labels[query];

      g_ascii_formatd (score, sizeof score, "%.3f", (double) found[i].score);
      if (!add_face (html, input->dataset, features->items[found[i].row], same ? "same" : "",
                     score, error))
        return FALSE;
    }
  g_string_append (html, "</div>");
  return TRUE;
}

/* One row per class in turn, so that the six queries show six expressions where there are. */
static guint
choose_queries (const CwFeatures *features, guint32 *queries)
{
  guint n = 0;
  int max = 0;

  for (guint i = 0; i < features->n; i++)
    max = MAX (max, features->labels[i]);
  for (int round = 0; round < N_QUERIES && n < N_QUERIES; round++)
    {
      for (int label = 0; label <= max && n < N_QUERIES; label++)
        {
          int seen = 0;

          for (guint i = 0; i < features->n; i++)
            {
              if (features->labels[i] == label && seen++ == round)
                {
                  queries[n++] = i;
                  break;
                }
            }
        }
    }
  return n;
}

static gboolean
add_neighbours (GString *html, const CwReportInput *input, GArray *items, CwJob *job,
                GError **error)
{
  const guint32 *indices = (const guint32 *) (gconstpointer) items->data;
  g_autoptr (CwFeatures) before = NULL;
  g_autoptr (CwFeatures) after = NULL;
  g_autoptr (CwIndex) index_before = NULL;
  g_autoptr (CwIndex) index_after = NULL;
  guint32 queries[N_QUERIES];
  guint n;

  before = cw_features_embed (input->random, input->dataset, indices, items->len, NULL, job, error);
  if (before == NULL)
    return FALSE;
  after = cw_features_embed (input->trained, input->dataset, indices, items->len, NULL, job, error);
  if (after == NULL)
    return FALSE;
  index_before = cw_index_new (before->x, before->n, before->dim);
  index_after = cw_index_new (after->x, after->n, after->dim);
  n = choose_queries (after, queries);
  g_string_append (html, "<h2>Neighbours before and after training</h2><figure>");
  for (guint i = 0; i < n; i++)
    {
      if (!add_neighbours_of (html, input, before, index_before, queries[i], "random init", error)
          || !add_neighbours_of (html, input, after, index_after, queries[i], "trained", error))
        return FALSE;
      g_string_append (html, "<hr>");
    }
  g_string_append (html,
                   "<figcaption>The nearest faces of other persons, with their cosine. Framed: the "
                   "same expression as the query. No label was used in training.</figcaption>"
                   "</figure>");
  return TRUE;
}

char *
cw_report_to_html (const CwReportInput *input, CwJob *job, GError **error)
{
  g_autoptr (GString) html = g_string_new (NULL);
  const CwExperiment *experiment = cw_run_get_experiment (input->run);
  g_autofree char *title = escape (input->title);
  g_autofree char *text = cw_experiment_to_string (experiment);
  g_autofree char *config = escape (text);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  const char *how;

  if (!cw_split_fit_score (input->dataset, experiment->recipe->seed, &fit, &score, &how, error))
    return NULL;

  g_string_append_printf (html,
                          "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
                          "<meta name='viewport' content='width=device-width'>"
                          "<title>%s</title><style>%s</style></head><body><h1>%s</h1>",
                          title, style, title);
  g_string_append_printf (
      html,
      "<p>Encoder <b>%s</b>, %d px, objective <b>%s</b>, seed %" G_GUINT64_FORMAT
      "; %" G_GUINT64_FORMAT " steps in %.0f s of training, %.0f s in all. The encoder was trained "
      "without labels: global transforms of a face are positives, local warps of it are "
      "negatives.</p>",
      experiment->recipe->encoder->base.id, experiment->recipe->views->preprocess.size,
      experiment->recipe->objective->base.id, experiment->recipe->seed,
      cw_run_get_step (input->run), cw_run_get_seconds (input->run), input->seconds);
  add_scores (html, input->evaluation);
  add_curves (html, input->run);
  if (!add_views (html, input, (const guint32 *) (gconstpointer) score->data, score->len, error)
      || !add_neighbours (html, input, score, job, error))
    return NULL;
  g_string_append_printf (html,
                          "<h2>Experiment</h2><details><summary>The frozen experiment "
                          "file</summary><pre>%s</pre></details><p>Contrawarp</p></body></html>\n",
                          config);
  return g_string_free (g_steal_pointer (&html), FALSE);
}
