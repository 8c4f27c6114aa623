/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-sheet.h"

#include <glib/gi18n.h>
#include <math.h>

#define MIN_SUFFIX "-min"

/* ---- parameters ---- */

static void
parameter_free (gpointer data)
{
  CwbSheetParameter *parameter = data;

  g_free (parameter->key);
  g_free (parameter->label);
  g_free (parameter);
}

/* (transfer full) (nullable): "x" for the spec of "x-min" where there is an "x-max". */
static char *
find_pair (const CwParamSpec *specs, const CwParamSpec *spec)
{
  g_autofree char *stem = NULL, *max = NULL;

  if (!g_str_has_suffix (spec->id, MIN_SUFFIX))
    return NULL;
  stem = g_strndup (spec->id, strlen (spec->id) - strlen (MIN_SUFFIX));
  max = g_strdup_printf ("%s-max", stem);
  return cw_params_find (specs, max) != NULL ? g_steal_pointer (&stem) : NULL;
}

static gboolean
is_max_of_pair (const CwParamSpec *specs, const CwParamSpec *spec)
{
  g_autofree char *min = NULL;

  if (!g_str_has_suffix (spec->id, "-max"))
    return FALSE;
  min = g_strdup_printf ("%.*s" MIN_SUFFIX, (int) strlen (spec->id) - 4, spec->id);
  return cw_params_find (specs, min) != NULL;
}

static void
list_specs (const CwParamSpec *specs, const char *prefix, const char *label, GPtrArray *list)
{
  for (const CwParamSpec *spec = specs; spec != NULL && spec->id != NULL; spec++)
    {
      CwbSheetParameter *parameter;
      g_autofree char *stem = find_pair (specs, spec);

      if ((spec->type != CW_PARAM_INT && spec->type != CW_PARAM_FLOAT)
          || is_max_of_pair (specs, spec))
        continue;
      parameter = g_new0 (CwbSheetParameter, 1);
      parameter->key = g_strdup_printf ("%s.%s", prefix, stem != NULL ? stem : spec->id);
      if (stem != NULL)
        /* Translators: a parameter that has a least and a greatest value, both alike here: "Muscle: magnitude" */
        parameter->label = g_strdup_printf (_ ("%s: %s, exactly"), label, stem);
      else
        parameter->label
            = g_strdup_printf ("%s: %s", label, g_dgettext (GETTEXT_PACKAGE, spec->label));
      parameter->spec = spec;
      g_ptr_array_add (list, parameter);
    }
}

GPtrArray *
cwb_sheet_list_parameters (const CwViews *views)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (parameter_free);

  list_specs (views->warp->base.params, "warp", g_dgettext (GETTEXT_PACKAGE, views->warp->base.label),
              list);
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      const CwPipelineStep *step = &views->pipeline->steps[i];
      g_autofree char *prefix = g_strdup_printf ("view.%s", step->name);

      list_specs (step->transform->base.params, prefix,
                  g_dgettext (GETTEXT_PACKAGE, step->transform->base.label), list);
    }
  return list;
}

/* What @key names: the table and the block that its last part is in; NULL where there is none. */
static const CwParamSpec *
find_table (CwViews *views, const char *key, gpointer *block)
{
  const char *last = strrchr (key, '.');
  g_autofree char *section = last != NULL ? g_strndup (key, (gsize) (last - key)) : g_strdup (key);
  CwPipelineStep *step;

  *block = views->warp_params;
  if (g_str_equal (section, "warp"))
    return views->warp->base.params;
  step = g_str_has_prefix (section, "view.") ? cw_pipeline_find (views->pipeline, section + 5) : NULL;
  if (step == NULL)
    return NULL;
  *block = step->params;
  return step->transform->base.params;
}

static gboolean
set_one (const CwParamSpec *specs, gpointer block, const char *id, double value, GError **error)
{
  const CwParamSpec *spec = cw_params_find (specs, id);

  return cw_params_set_number (spec, block, spec->type == CW_PARAM_INT ? round (value) : value, error);
}

static gboolean
set_parameter (CwViews *views, const char *key, double value, GError **error)
{
  gpointer block;
  const CwParamSpec *specs = find_table (views, key, &block);
  const char *id = strrchr (key, '.') + 1;
  g_autofree char *min = g_strdup_printf ("%s" MIN_SUFFIX, id), *max = g_strdup_printf ("%s-max", id);

  if (specs != NULL && cw_params_find (specs, id) != NULL)
    return set_one (specs, block, id, value, error);
  if (specs != NULL && cw_params_find (specs, min) != NULL && cw_params_find (specs, max) != NULL)
    return set_one (specs, block, min, value, error) && set_one (specs, block, max, value, error);
  g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, _ ("%s: the views have no such parameter"), key);
  return FALSE;
}

/* ---- what is printed ---- */

static void
append_block (GString *text, const char *label, const CwParamSpec *specs, gconstpointer block)
{
  g_string_append_printf (text, "%s:", label);
  for (const CwParamSpec *spec = specs; spec != NULL && spec->id != NULL; spec++)
    {
      g_autofree char *value = cw_params_dup_string (spec, block);

      g_string_append_printf (text, " %s=%s", spec->id, value);
    }
  g_string_append_c (text, '\n');
}

static char *
describe_views (const CwViews *views)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      const CwPipelineStep *step = &views->pipeline->steps[i];

      if (step->enabled)
        append_block (text, step->name, step->transform->base.params, step->params);
    }
  append_block (text, views->warp->base.id, views->warp->base.params, views->warp_params);
  append_block (text, "warp", cw_negative_specs, &views->negatives);
  g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

static char *
describe_view (int view)
{
  return view == 0   ? g_strdup (_ ("anchor"))
         : view == 1 ? g_strdup (_ ("positive"))
                     : g_strdup_printf (_ ("warp negative %d"), view - 1);
}

/* ---- cells ---- */

typedef struct
{
  const CwbScene *scene;
  const CwbSheetSpec *spec;
  CwRenderer *renderer;
  CwImage *source; /* of the scene's face */
  CwPoint points[CW_N_LANDMARKS];
  float *pixels;
  CwbSheet *sheet;
} Work;

static CwImage *
render (Work *work, const CwbScene *scene, const CwImage *source, const CwPoint *points,
        guint32 later)
{
  int size = scene->views->preprocess.size;
  CwViewDraw draw;

  cwb_scene_draw (scene, source, points, later, work->spec->view, &draw);
  cw_views_render (scene->views, &draw, source, work->renderer, work->pixels, NULL);
  return cw_picture_from_float (work->pixels, size, size);
}

static guint32
get_item (const Work *work, int cell)
{
  return (guint32) (((guint64) work->scene->item + (guint64) cell)
                    % cw_dataset_get_n_items (work->scene->dataset));
}

/* Another face with the scene's randomness: its own landmarks, the scene's address. */
static CwImage *
render_face (Work *work, int cell, GError **error)
{
  g_autoptr (CwbScene) other = cwb_scene_copy (work->scene);
  CwPoint points[CW_N_LANDMARKS];
  g_autoptr (CwImage) source = NULL;

  other->item = get_item (work, cell);
  source = cwb_scene_load (other, points, error);
  return source != NULL ? render (work, work->scene, source, points, 0) : NULL;
}

static double
get_value (const CwbSheetSweep *sweep, int i, int n)
{
  return n > 1 ? sweep->from + (sweep->to - sweep->from) * i / (n - 1) : sweep->from;
}

static CwImage *
render_sweep (Work *work, int row, int column, GError **error)
{
  const CwbSheetSpec *spec = work->spec;
  g_autoptr (CwbScene) scene = cwb_scene_copy (work->scene);

  if ((spec->rows.key != NULL
       && !set_parameter (scene->views, spec->rows.key, get_value (&spec->rows, row, spec->n_rows),
                          error))
      || (spec->columns.key != NULL
          && !set_parameter (scene->views, spec->columns.key,
                             get_value (&spec->columns, column, spec->n_columns), error)))
    return NULL;
  return render (work, scene, work->source, work->points, 0);
}

static CwImage *
render_cell (Work *work, int row, int column, GError **error)
{
  int cell = row * work->spec->n_columns + column;

  if (work->spec->kind == CWB_SHEET_DRAWS)
    return render (work, work->scene, work->source, work->points, (guint32) cell);
  if (work->spec->kind == CWB_SHEET_FACES)
    return render_face (work, cell, error);
  return render_sweep (work, row, column, error);
}

/* A picture that cannot be read leaves its cell empty; what else goes wrong ends the sheet. */
static gboolean
render_cells (Work *work, CwJob *job, GError **error)
{
  CwbSheet *sheet = work->sheet;
  int n = sheet->n_rows * sheet->n_columns, n_read = 0;
  g_autoptr (GError) last = NULL;

  for (int i = 0; i < n; i++)
    {
      if (!cw_job_progress (job, (double) i / n, _ ("Making the sheet"), error))
        return FALSE;
      g_clear_error (&last);
      sheet->images[i] = render_cell (work, i / sheet->n_columns, i % sheet->n_columns, &last);
      n_read += sheet->images[i] != NULL;
      if (sheet->images[i] == NULL && work->spec->kind == CWB_SHEET_SWEEP)
        break;
    }
  if (last != NULL && (n_read == 0 || work->spec->kind == CWB_SHEET_SWEEP))
    {
      g_propagate_error (error, g_steal_pointer (&last));
      return FALSE;
    }
  return TRUE;
}

/* ---- the sheet ---- */

static char *
label_sweep (const CwbSheetSweep *sweep, int i, int n)
{
  return sweep->key != NULL
             ? g_strdup_printf ("%s %.3g", sweep->key, get_value (sweep, i, n))
             : g_strdup ("");
}

static void
set_labels (CwbSheet *sheet, const CwbSheetSpec *spec)
{
  gboolean sweep = spec->kind == CWB_SHEET_SWEEP;

  sheet->row_labels = g_new0 (char *, (gsize) sheet->n_rows + 1);
  sheet->column_labels = g_new0 (char *, (gsize) sheet->n_columns + 1);
  for (int i = 0; i < sheet->n_rows; i++)
    sheet->row_labels[i]
        = sweep ? label_sweep (&spec->rows, i, sheet->n_rows) : g_strdup ("");
  for (int i = 0; i < sheet->n_columns; i++)
    sheet->column_labels[i]
        = sweep ? label_sweep (&spec->columns, i, sheet->n_columns) : g_strdup ("");
}

static char *
make_title (const CwbScene *scene, const CwbSheetSpec *spec)
{
  const char *name = cw_dataset_get_item (scene->dataset, scene->item)->name;
  g_autofree char *view = describe_view (spec->view);
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, scene->seed);
  int last = spec->n_rows * spec->n_columns - 1;

  if (spec->kind == CWB_SHEET_DRAWS)
    /* Translators: a face, which of its views, and the address of the randomness */
    return g_strdup_printf (_ ("%s, %s, seed %s, epochs %u to %u"), name, view, seed, scene->epoch,
                            scene->epoch + (guint32) last);
  if (spec->kind == CWB_SHEET_FACES)
    return g_strdup_printf (ngettext ("%s and the next %d face, %s, seed %s, epoch %u",
                                      "%s and the next %d faces, %s, seed %s, epoch %u",
                                      (gulong) last),
                            name, last, view, seed, scene->epoch);
  return g_strdup_printf (_ ("%s, %s, seed %s, epoch %u"), name, view, seed, scene->epoch);
}

CwbSheet *
cwb_sheet_new (const CwbScene *scene, const CwbSheetSpec *spec, CwJob *job, GError **error)
{
  g_autoptr (CwbSheet) sheet = g_new0 (CwbSheet, 1);
  int size = scene->views->preprocess.size;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autoptr (CwImage) source = NULL;
  g_autofree float *pixels = g_new (float, 3 * (gsize) size * (gsize) size);
  Work work = { .scene = scene, .spec = spec, .renderer = renderer, .pixels = pixels, .sheet = sheet };

  g_assert (spec->n_rows >= 1 && spec->n_rows <= CWB_SHEET_MOST);
  g_assert (spec->n_columns >= 1 && spec->n_columns <= CWB_SHEET_MOST);
  sheet->n_rows = spec->n_rows;
  sheet->n_columns = spec->n_columns;
  sheet->images = g_new0 (CwImage *, (gsize) (spec->n_rows * spec->n_columns));
  sheet->title = make_title (scene, spec);
  sheet->parameters = describe_views (scene->views);
  set_labels (sheet, spec);
  if (spec->kind != CWB_SHEET_FACES)
    {
      work.source = source = cwb_scene_load (scene, work.points, error);
      if (source == NULL)
        return NULL;
    }
  if (!render_cells (&work, job, error))
    return NULL;
  return g_steal_pointer (&sheet);
}

void
cwb_sheet_free (CwbSheet *self)
{
  if (self == NULL)
    return;
  for (int i = 0; self->images != NULL && i < self->n_rows * self->n_columns; i++)
    g_clear_pointer (&self->images[i], cw_image_unref);
  g_free (self->images);
  g_strfreev (self->row_labels);
  g_strfreev (self->column_labels);
  g_free (self->title);
  g_free (self->parameters);
  g_free (self);
}
