/* SPDX-License-Identifier: MIT */
/* What every transform and every warp must do, whatever it is: a sweep over the tables. A new
 * built-in operation is tested here without a further line. */
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIZE 24

/* ---- parameters ---- */

/* A sweep leaves texts at their defaults. */
static gboolean
is_text (const CwParamSpec *spec)
{
  return spec->type == CW_PARAM_STRING;
}

static void
check_descriptor (const CwDescriptor *base, CwKind kind)
{
  g_assert_cmpuint (base->abi, ==, CW_ABI_VERSION);
  g_assert_cmpint (base->kind, ==, kind);
  g_assert_true (base->id[0] != '\0' && base->label[0] != '\0' && base->description[0] != '\0');
  for (const char *p = base->id; *p != '\0'; p++)
    g_assert_true (g_ascii_islower (*p) || g_ascii_isdigit (*p) || *p == '-');
  for (const CwParamSpec *s = base->params; s != NULL && s->id != NULL; s++)
    {
      g_assert_true (s->label[0] != '\0' && s->blurb[0] != '\0' && s->unit != NULL);
      g_assert_cmpuint (s->offset, <, base->params_size);
      g_assert_true (cw_params_find (base->params, s->id) == s);
      if (s->type == CW_PARAM_FLOAT || s->type == CW_PARAM_INT)
        g_assert_true (s->min <= s->def && s->def <= s->max);
      if (s->check != NULL)
        g_assert_true (is_text (s) && s->check (s->def_string, NULL));
    }
}

/* Calls @check with the defaults and with every parameter at its limits and in between, the others
 * at their defaults; then with all at their least and all at their largest. */
static void
sweep (const CwDescriptor *base, void (*check) (const CwDescriptor *base, gpointer params))
{
  gpointer params = cw_params_block_new (base->params, base->params_size);
  gpointer low = cw_params_block_new (base->params, base->params_size);
  gpointer high = cw_params_block_new (base->params, base->params_size);

  check (base, params);
  for (const CwParamSpec *s = base->params; s != NULL && s->id != NULL; s++)
    {
      double max = s->type == CW_PARAM_ENUM ? g_strv_length ((char **) s->nicks) - 1 : s->max;
      double step = s->type == CW_PARAM_FLOAT ? (max - s->min) / 4 : 1;
      double def;

      if (is_text (s))
        continue;
      def = cw_params_get_number (s, params);
      for (double value = s->min; value <= max; value = MAX (value + step, value + max / 8))
        {
          g_assert_true (cw_params_set_number (s, params, value, NULL));
          check (base, params);
        }
      g_assert_true (cw_params_set_number (s, params, max, NULL));
      check (base, params);
      g_assert_true (cw_params_set_number (s, params, def, NULL));
      g_assert_true (cw_params_set_number (s, low, s->min, NULL));
      g_assert_true (cw_params_set_number (s, high, max, NULL));
    }
  check (base, low);
  check (base, high);
  cw_params_block_free (base->params, params);
  cw_params_block_free (base->params, low);
  cw_params_block_free (base->params, high);
}

/* To text and back, key by key: the same values. */
static void
check_round_trip (const CwDescriptor *base, gpointer params)
{
  gpointer copy = cw_params_block_new (base->params, base->params_size);
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  cw_params_save (base->params, params, keys, "step");
  cw_params_load (base->params, copy, keys, "step", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cw_params_equal (base->params, params, copy));
  cw_params_block_free (base->params, copy);
}

/* ---- transforms ---- */

static CwImage *
make_noise (int w, int h, int c)
{
  CwRng rng = cw_rng_new (3, CW_RNG_TEST, 0, 0, 0, 0);
  CwImage *image = cw_image_new (w, h, c);

  for (size_t i = 0; i < cw_image_bytes (image); i++)
    image->data[i] = (guint8) cw_rng_below (&rng, 256);
  return image;
}

static void
check_matrix (const CwTransformClass *transform, gpointer params,
              const CwTransformContext *context, const float *values)
{
  CwMatrix m = transform->matrix (params, context, values), inverse = cw_matrix_invert (m);
  float sum = 0;

  for (int i = 0; i < 9; i++)
    {
      g_assert_true (isfinite (m.m[i]));
      sum += fabsf (inverse.m[i]);
    }
  /* Landmarks go through the inverse. */
  g_assert_cmpfloat (sum, >, 0);
}

static void
check_transform (const CwDescriptor *base, gpointer params)
{
  static const CwTransformContext contexts[]
      = { { 48, 48, SIZE }, { 30, 91, SIZE }, { 640, 9, SIZE }, { 1, 1, SIZE } };
  const CwTransformClass *transform = (const CwTransformClass *) base;
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autofree float *out = g_new (float, SIZE * SIZE * 3);
  g_autofree float *again = g_new (float, SIZE * SIZE * 3);
  CwPipelineStep *step = cw_pipeline_append (pipeline, transform, NULL, NULL);

  cw_params_copy (base->params, step->params, params);
  check_round_trip (base, params);
  for (guint32 item = 0; item < 12; item++)
    {
      const CwTransformContext *context = &contexts[item % G_N_ELEMENTS (contexts)];
      g_autoptr (CwImage) source
          = make_noise (context->src_w, context->src_h, item % 2 == 0 ? 1 : 3);
      CwViewKey key = { 17, 0, item, 0 };
      CwViewDraw draw, other;

      cw_pipeline_draw (pipeline, &key, source->w, source->h, SIZE, &draw);
      cw_pipeline_draw (pipeline, &key, source->w, source->h, SIZE, &other);
      g_assert_cmpmem (&draw, sizeof draw, &other, sizeof other);
      for (int i = 0; i < CW_MAX_DRAWN; i++)
        {
          g_assert_true (isfinite (draw.values[0][i]));
          if (i >= transform->n_drawn)
            g_assert_cmpfloat (draw.values[0][i], ==, 0);
        }
      if (transform->pattern == CW_TRANSFORM_GEOMETRIC)
        check_matrix (transform, step->params, context, draw.values[0]);
      memset (out, 0xFF, SIZE * SIZE * 3 * sizeof *out); /* NaN */
      cw_pipeline_render (pipeline, &draw, source, NULL, renderer, out);
      cw_pipeline_render (pipeline, &draw, source, NULL, renderer, again);
      g_assert_cmpmem (out, SIZE * SIZE * 3 * sizeof *out, again, SIZE * SIZE * 3 * sizeof *out);
      for (int i = 0; i < SIZE * SIZE * 3; i++)
        g_assert_true (out[i] >= -1e-6f && out[i] <= 1 + 1e-6f);
    }
}

static void
test_transform (gconstpointer data)
{
  const CwTransformClass *transform = data;

  check_descriptor (&transform->base, CW_KIND_TRANSFORM);
  g_assert_cmpint (transform->n_drawn, <=, CW_MAX_DRAWN);
  for (int i = 0; i < transform->n_drawn; i++)
    g_assert_true (transform->drawn[i].id[0] != '\0' && transform->drawn[i].label[0] != '\0'
                   && transform->drawn[i].unit != NULL);
  g_assert_nonnull (transform->draw);
  if (transform->pattern == CW_TRANSFORM_GEOMETRIC)
    g_assert_nonnull (transform->matrix);
  else
    g_assert_nonnull (transform->apply);
  sweep (&transform->base, check_transform);
}

/* ---- warps ---- */

static void
check_warp (const CwDescriptor *base, gpointer params)
{
  const CwWarpClass *warp = (const CwWarpClass *) base;
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  g_autoptr (CwField) again = cw_field_new (SIZE, SIZE);
  const size_t n = SIZE * SIZE * 2;
  CwWarpCommon common;
  CwPoint points[CW_N_LANDMARKS];

  cw_params_init (cw_warp_common_specs, &common);
  check_round_trip (base, params);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      points[i].x = SIZE * cw_landmark_template[i].point.x;
      points[i].y = SIZE * cw_landmark_template[i].point.y;
    }
  for (guint32 item = 0; item < 12; item++)
    {
      CwWarpContext context
          = { SIZE, points, CW_N_LANDMARKS, cw_landmark_regions, (int) item % 4, points };
      CwRng rng = cw_rng_new (5, CW_RNG_WARP, 0, 0, item, 2), same = rng;
      CwWarpDraw draw = { 0 }, other = { 0 };

      if (item % 3 == 1)
        {
          context.n_points = 1;
          context.landmarks = NULL;
        }
      if (item % 3 == 2)
        context.regions = NULL;
      context.region = (int) (item % (CW_N_REGIONS + 1));
      warp->draw (params, &context, &rng, &draw);
      warp->draw (params, &context, &same, &other);
      g_assert_cmpmem (&draw, sizeof draw, &other, sizeof other);
      g_assert_true (draw.n >= 0 && draw.n <= CW_WARP_MAX_PUSHES);
      for (int i = 0; i < draw.n; i++)
        g_assert_true (isfinite (draw.push[i].x + draw.push[i].y + draw.push[i].dx
                                 + draw.push[i].dy + draw.push[i].radius));

      /* Fill overwrites. */
      memset (field->d, 0xFF, n * sizeof (float));
      warp->fill (params, &draw, field);
      warp->fill (params, &draw, again);
      g_assert_cmpmem (field->d, n * sizeof (float), again->d, n * sizeof (float));
      for (size_t i = 0; i < n; i++)
        g_assert_true (isfinite (field->d[i]));

      cw_warp_field (warp, params, &common, &draw, 1, field);
      for (size_t i = 0; i < n; i++)
        g_assert_true (isfinite (field->d[i]));
      g_assert_cmpfloat (cw_field_max (field), >=, common.min_magnitude * SIZE * 0.9999f);
    }
}

static void
test_warp (gconstpointer data)
{
  const CwWarpClass *warp = data;

  check_descriptor (&warp->base, CW_KIND_WARP);
  sweep (&warp->base, check_warp);
}

/* The tables that belong to no operation. */
static void
test_negative_specs (void)
{
  const CwDescriptor tables[] = {
    { CW_ABI_VERSION, CW_KIND_WARP, "common", "-", "-", cw_warp_common_specs,
      sizeof (CwWarpCommon) },
    { CW_ABI_VERSION, CW_KIND_WARP, "negatives", "-", "-", cw_negative_specs,
      sizeof (CwNegativeParams) },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      check_descriptor (&tables[i], CW_KIND_WARP);
      sweep (&tables[i], check_round_trip);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int i = 0; cw_builtin_transforms[i] != NULL; i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/conformance/transform/%s", cw_builtin_transforms[i]->base.id);

      g_test_add_data_func (path, cw_builtin_transforms[i], test_transform);
    }
  for (int i = 0; cw_builtin_warps[i] != NULL; i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/conformance/warp/%s", cw_builtin_warps[i]->base.id);

      g_test_add_data_func (path, cw_builtin_warps[i], test_warp);
    }
  g_test_add_func ("/conformance/warp-parameters", test_negative_specs);
  return g_test_run ();
}
