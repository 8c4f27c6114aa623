/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-exploration.h"

#include "models/cwb-field-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* The source is shown at this size at most. */
#define LARGEST_SOURCE 512

/* As many pushes of a warp are described. */
#define MOST_PUSHES 8

CwbExploration *
cwb_exploration_ref (CwbExploration *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
cwb_exploration_unref (CwbExploration *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  cwb_scene_free (self->scene);
  g_clear_pointer (&self->source, cw_image_unref);
  for (int i = 0; i < self->n_pictures; i++)
    {
      g_free (self->pictures[i].title);
      g_clear_pointer (&self->pictures[i].image, cw_image_unref);
      g_clear_pointer (&self->pictures[i].shown, cw_image_unref);
      g_clear_pointer (&self->pictures[i].field, cw_field_free);
      g_free (self->pictures[i].drawn);
      g_free (self->pictures[i].summary);
    }
  g_free (self);
}

static gboolean
is_same_image (const CwImage *a, const CwImage *b)
{
  return a == b
         || (a->w == b->w && a->h == b->h && a->c == b->c
             && memcmp (a->data, b->data, cw_image_bytes (a)) == 0);
}

static gboolean
is_same_field (const CwField *a, const CwField *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->w == b->w && a->h == b->h
         && memcmp (a->d, b->d, 2 * (gsize) a->w * (gsize) a->h * sizeof *a->d) == 0;
}

static gboolean
is_same_geometry (const CwbViewGeometry *a, const CwbViewGeometry *b)
{
  return a->borrowed == b->borrowed && a->source_w == b->source_w && a->source_h == b->source_h
         && memcmp (&a->to_source, &b->to_source, sizeof a->to_source) == 0
         && memcmp (a->corners, b->corners, sizeof a->corners) == 0
         && memcmp (a->before, b->before, sizeof a->before) == 0
         && memcmp (a->after, b->after, sizeof a->after) == 0;
}

/* What the source's marks show. */
static gboolean
is_same_outlines (const CwbExploration *a, const CwbExploration *b)
{
  gboolean same = a->n_pictures == b->n_pictures && a->has_face == b->has_face
                  && memcmp (a->face, b->face, sizeof a->face) == 0;

  for (int i = 1; i < a->n_pictures && same; i++)
    same = a->pictures[i].view == b->pictures[i].view
           && memcmp (a->pictures[i].geometry.corners, b->pictures[i].geometry.corners,
                      sizeof a->pictures[i].geometry.corners)
                  == 0;
  return same;
}

gboolean
cwb_exploration_is_same (const CwbExploration *a, const CwbExploration *b, int i)
{
  return i < a->n_pictures && i < b->n_pictures
         && g_str_equal (a->pictures[i].title, b->pictures[i].title)
         && g_str_equal (a->pictures[i].drawn, b->pictures[i].drawn)
         && a->pictures[i].compared == b->pictures[i].compared
         && a->pictures[i].similarity == b->pictures[i].similarity
         && is_same_geometry (&a->pictures[i].geometry, &b->pictures[i].geometry)
         && (i > 0 || is_same_outlines (a, b))
         && is_same_image (a->pictures[i].image, b->pictures[i].image)
         && is_same_field (a->pictures[i].field, b->pictures[i].field);
}

float
cwb_exploration_get_reach (const CwbExploration *self, const CwbExploration *a)
{
  float reach = a != NULL ? cwb_exploration_get_reach (a, NULL) : 0;

  for (int i = 0; i < self->n_pictures; i++)
    {
      if (self->pictures[i].field != NULL)
        reach = MAX (reach, self->pictures[i].stats.max);
    }
  return reach;
}

gboolean
cwb_exploration_find_pair (const CwbExploration *self, int *positive, int *negative)
{
  *positive = *negative = 2;
  while (*negative < self->n_pictures && self->pictures[*negative].view == 1)
    (*negative)++;
  return *negative < self->n_pictures;
}

/* ---- what was drawn ---- */

static void
describe_step (GString *text, const CwPipelineStep *step, const float *values)
{
  const CwTransformClass *transform = step->transform;

  if (transform->n_drawn == 0)
    return;
  g_string_append_printf (text, "%s:", g_dgettext (GETTEXT_PACKAGE, transform->base.label));
  for (int i = 0; i < transform->n_drawn; i++)
    {
      const CwDrawnSpec *drawn = &transform->drawn[i];
      const char *unit = drawn->unit != NULL ? drawn->unit : "";

      g_string_append_printf (text, "%s %s", i > 0 ? "," : "",
                              g_dgettext (GETTEXT_PACKAGE, drawn->label));
      if (g_str_equal (unit, CW_UNIT_FLAG))
        g_string_append_printf (text, ": %s", values[i] >= 0.5f ? _ ("yes") : _ ("no"));
      else
        g_string_append_printf (text, " %.3g%s%s", (double) values[i], *unit != '\0' ? " " : "",
                                unit);
    }
  g_string_append_c (text, '\n');
}

/* The pushes that move anything, but not all nodes of a lattice. */
static void
describe_warp (GString *text, const CwWarpDraw *draw)
{
  int n = 0;

  for (int i = 0; i < draw->n; i++)
    {
      const CwPush *push = &draw->push[i];

      if (!(fabsf (push->dx) + fabsf (push->dy) > 0) || n++ >= MOST_PUSHES)
        continue;
      /* Translators: one push of a warp: its number, where it is, how far it moves, how far it reaches */
      g_string_append_printf (text, _ ("Push %d: at %.1f, %.1f by %.1f, %.1f px, radius %.1f px"),
                              n, (double) push->x, (double) push->y, (double) push->dx,
                              (double) push->dy, (double) push->radius);
      g_string_append_c (text, '\n');
    }
  if (n > MOST_PUSHES)
    {
      g_string_append_printf (text, ngettext ("and %d more push", "and %d more pushes",
                                              (gulong) (n - MOST_PUSHES)),
                              n - MOST_PUSHES);
      g_string_append_c (text, '\n');
    }
}

static char *
describe_draw (const CwViews *views, const CwViewDraw *draw)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      if (!draw->skipped[i])
        describe_step (text, &views->pipeline->steps[i], draw->values[i]);
    }
  if (draw->warped)
    describe_warp (text, &draw->warp);
  if (text->len > 0)
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

/* ---- rendering ---- */

typedef struct
{
  const CwbScene *scene;
  const CwbExploration *earlier; /* (nullable): views may be copied from it */
  gboolean borrowed;             /* the landmarks are the template's */
  CwRenderer *renderer;
  int size;
  gsize n_floats;
  float *pixels; /* of all views */
  float *det;
} Work;

/* Where the same view is already, -1 = nowhere; without a warp. */
static int
find_earlier (const CwbExploration *earlier, const CwViewDraw *draw)
{
  for (int i = 1; earlier != NULL && !draw->warped && i < earlier->n_pictures; i++)
    {
      const CwViewDraw *other = &earlier->pictures[i].draw;

      if (!other->warped && memcmp (draw->values, other->values, sizeof draw->values) == 0
          && memcmp (draw->skipped, other->skipped, sizeof draw->skipped) == 0)
        return i;
    }
  return -1;
}

static void
copy_view (CwbExploration *self, int i, const CwbExploration *earlier, int from)
{
  self->pictures[i].image = cw_image_ref (earlier->pictures[from].image);
  self->pictures[i].drawn = g_strdup (earlier->pictures[from].drawn);
  self->pictures[i].geometry = earlier->pictures[from].geometry;
}

static void
render_view (Work *work, CwbExploration *self, int i)
{
  const CwViews *views = work->scene->views;
  float *pixels = work->pixels + (gsize) (i - 1) * work->n_floats;
  g_autoptr (CwField) field = NULL;
  CwViewDraw *draw = &self->pictures[i].draw;
  int known;

  cwb_scene_draw (work->scene, self->source, self->points, self->pictures[i].later,
                  self->pictures[i].view, draw);
  known = find_earlier (work->earlier, draw);
  if (known >= 0)
    {
      copy_view (self, i, work->earlier, known);
      return;
    }
  field = cw_field_new (work->size, work->size);
  cw_views_render (views, draw, self->source, work->renderer, pixels, field);
  self->pictures[i].image = cw_picture_from_float (pixels, work->size, work->size);
  self->pictures[i].drawn = describe_draw (views, draw);
  if (draw->warped)
    {
      cw_field_stats (field, work->det, &self->pictures[i].stats);
      self->pictures[i].field = g_steal_pointer (&field);
    }
  cwb_view_geometry_init (&self->pictures[i].geometry, views, draw, self->source->w,
                          self->source->h, self->points, work->borrowed, self->pictures[i].field);
  if (draw->warped)
    self->pictures[i].summary = cwb_field_dup_summary (
        self->pictures[i].field, &self->pictures[i].stats, self->pictures[i].geometry.after);
}

static void
add_picture (CwbExploration *self, int view, guint32 later, char *title)
{
  self->pictures[self->n_pictures].view = view;
  self->pictures[self->n_pictures].later = later;
  self->pictures[self->n_pictures++].title = title;
}

/* Which pictures there are, and what they are called. */
static void
add_pictures (CwbExploration *self, const CwbScene *scene)
{
  add_picture (self, -1, 0, g_strdup (_ ("Source")));
  add_picture (self, 0, 0, g_strdup (_ ("Anchor")));
  for (int i = 0; i < scene->n_positives; i++)
    add_picture (self, 1, (guint32) i,
                 i == 0 ? g_strdup (_ ("Positive"))
                        /* Translators: a view as a later epoch of the training has it */
                        : g_strdup_printf (_ ("Positive of epoch %u"), scene->epoch + (guint32) i));
  for (int i = 0; i < scene->n_negatives; i++)
    add_picture (self, 2 + i, 0, g_strdup_printf (_ ("Warp negative %d"), i + 1));
}

static void
place_source (Work *work, CwbExploration *self)
{
  const CwbScene *scene = work->scene;
  const CwImage *shown = self->pictures[0].image;
  CwPoint own[CW_N_LANDMARKS];

  work->borrowed = !cw_dataset_find_landmarks (scene->dataset, scene->item, own);
  cwb_view_geometry_init_source (&self->pictures[0].geometry, shown->w, shown->h, self->points,
                                 work->borrowed);
  cw_dataset_get_face (scene->dataset, self->face);
  self->has_face
      = work->borrowed
        && (self->face[0] != 0 || self->face[1] != 0 || self->face[2] != 1 || self->face[3] != 1);
}

/* (nullable): what judges the views. */
static CwModel *
get_model (const CwbScene *scene)
{
  return scene->model != NULL && scene->model->size == scene->views->preprocess.size ? scene->model
                                                                                     : NULL;
}

static void
compare (Work *work, CwbExploration *self)
{
  CwModel *model = get_model (work->scene);
  CwPreprocess preprocess;
  g_autoptr (CwPlan) plan = NULL;
  g_autofree float *features = NULL;
  int n = self->n_pictures - 1;

  if (model == NULL)
    return;
  preprocess = cw_features_preprocess (model);
  cw_preprocess_apply (&preprocess, work->pixels, (gsize) n * (gsize) (work->size * work->size));
  plan = cw_model_plan (model, n);
  features = g_new (float, (gsize) n * (gsize) model->dim);
  cw_model_embed (model, plan, work->pixels, n, features);
  for (int i = 1; i < n; i++)
    {
      self->pictures[1 + i].compared = TRUE;
      self->pictures[1 + i].similarity
          = (float) cw_cosine (model->dim, features, features + (gsize) i * (gsize) model->dim);
    }
}

/* (transfer full) (nullable): of a picture that @earlier has, too. */
static CwImage *
find_shown (const CwbExploration *earlier, const CwImage *image, int side)
{
  for (int i = 0; earlier != NULL && earlier->scene->shown_side == side && i < earlier->n_pictures;
       i++)
    {
      if (earlier->pictures[i].image == image)
        return cw_image_ref (earlier->pictures[i].shown);
    }
  return NULL;
}

/* Else Cairo does it, in every frame. */
static void
shrink (CwbExploration *self, const CwbExploration *earlier)
{
  int side = self->scene->shown_side;

  for (int i = 0; i < self->n_pictures; i++)
    {
      CwImage *image = self->pictures[i].image;

      self->pictures[i].shown = find_shown (earlier, image, side);
      if (self->pictures[i].shown == NULL)
        self->pictures[i].shown = side > 0 ? cw_image_shrink (image, side) : cw_image_ref (image);
    }
}

/* The picture as it is shown and as views are cut from it. */
static gboolean
read_source (CwbExploration *self, const CwbExploration *earlier, GError **error)
{
  const CwbScene *scene = self->scene, *other = earlier != NULL ? earlier->scene : NULL;

  if (other != NULL && other->dataset == scene->dataset && other->item == scene->item
      && other->source_side == scene->source_side && other->checkerboard == scene->checkerboard
      && other->views->preprocess.size == scene->views->preprocess.size)
    {
      self->pictures[0].image = cw_image_ref (earlier->pictures[0].image);
      self->source = cw_image_ref (earlier->source);
      memcpy (self->points, earlier->points, sizeof self->points);
      return TRUE;
    }
  self->pictures[0].image
      = cw_dataset_load_image (scene->dataset, scene->item, LARGEST_SOURCE, error);
  if (self->pictures[0].image == NULL)
    return FALSE;
  self->source = cwb_scene_load (scene, self->points, error);
  return self->source != NULL;
}

/* Whether a view that is drawn alike looks alike. A model needs all views as numbers. */
static gboolean
may_copy (const CwbExploration *self, const CwbExploration *earlier)
{
  const CwViews *a = self->scene->views, *b = earlier->scene->views;

  return self->source == earlier->source && get_model (self->scene) == NULL
         && cw_pipeline_equal (a->pipeline, b->pipeline)
         && memcmp (&a->preprocess, &b->preprocess, sizeof a->preprocess) == 0;
}

CwbExploration *
cwb_exploration_new (const CwbScene *scene, const CwbExploration *earlier, GError **error)
{
  g_autoptr (CwbExploration) self = g_new0 (CwbExploration, 1);
  int size = scene->views->preprocess.size;
  gsize n_pixels = (gsize) size * (gsize) size;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autofree float *pixels = NULL;
  g_autofree float *det = g_new (float, n_pixels);
  Work work = {
    .scene = scene, .renderer = renderer, .size = size, .n_floats = 3 * n_pixels, .det = det
  };

  g_atomic_ref_count_init (&self->refs);
  self->scene = cwb_scene_copy (scene);
  add_pictures (self, scene);
  self->pictures[0].drawn = g_strdup ("");
  if (!read_source (self, earlier, error))
    return NULL;
  if (earlier != NULL && may_copy (self, earlier))
    work.earlier = earlier;
  place_source (&work, self);
  work.pixels = pixels = g_new (float, (gsize) (self->n_pictures - 1) * 3 * n_pixels);
  for (int i = 1; i < self->n_pictures; i++)
    render_view (&work, self, i);
  compare (&work, self);
  shrink (self, earlier);
  return g_steal_pointer (&self);
}
