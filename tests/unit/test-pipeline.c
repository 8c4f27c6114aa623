/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

/* ---- help ---- */

static const CwTransformClass *
transform (const char *id)
{
  for (int i = 0; cw_builtin_transforms[i] != NULL; i++)
    {
      if (strcmp (cw_builtin_transforms[i]->base.id, id) == 0)
        return cw_builtin_transforms[i];
    }
  g_error ("no transform '%s'", id);
}

static CwPipelineStep *
append (CwPipeline *pipeline, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  CwPipelineStep *step = cw_pipeline_append (pipeline, transform (id), name, &error);

  g_assert_no_error (error);
  return step;
}

static void
set (CwPipeline *pipeline, const char *step_name, const char *id, const char *text)
{
  CwPipelineStep *step = cw_pipeline_find (pipeline, step_name);
  g_autoptr (GError) error = NULL;

  cw_params_set_string (step->transform->base.params, step->params, NULL, id, text, &error);
  g_assert_no_error (error);
}

/* The same as picture() of golden/image.py. */
static CwImage *
make_picture (int w, int h, int c)
{
  CwImage *image = cw_image_new (w, h, c);

  for (int i = 0; i < w * h * c; i++)
    {
      int k = i % c, x = i / c % w, y = i / c / w;

      image->data[i]
          = (guint8) ((7 * x + 11 * y + 29 * k + x * y / 3 + 40 * ((x / 5 + y / 4) % 3)) % 256);
    }
  return image;
}

/* The same as bump() of golden/image.py. */
static CwField *
make_field (int size)
{
  CwField *field = cw_field_new (size, size);

  for (int i = 0; i < size * size; i++)
    {
      float u = (float) (i % size) / (float) size, v = (float) (i / size) / (float) size;

      field->d[2 * i] = 4 * u * (1 - v) - 1.5f * v;
      field->d[2 * i + 1] = 6 * u * (1 - u) * v - 1;
    }
  return field;
}

static void
assert_same (const char *what, const float *a, const float *b, size_t n)
{
  if (memcmp (a, b, n * sizeof *a) != 0)
    cw_test_assert_close (what, n, a, b, 0, 0);
}

/* ---- the gather ---- */

typedef struct
{
  const char *golden;
  int w, h, c, size;
  float crop[4], flip, affine[5]; /* rotation, translation-x, -y, scale, shear */
  gboolean field;
} Case;

static const Case cases[] = {
  { "image-view-grey.f32", 37, 53, 1, 24, { 0.12f, 0.2f, 0.7f, 0.6f }, 1,
    { 7, 0.02f, -0.03f, 1.04f, 2 }, FALSE },
  { "image-view-rgb.f32", 61, 40, 3, 24, { 0.12f, 0.2f, 0.7f, 0.6f }, 0,
    { 7, 0.02f, -0.03f, 1.04f, 2 }, TRUE },
  { "image-view-outside.f32", 30, 30, 3, 20, { 0, 0, 1, 1 }, 1, { -25, 0.1f, 0.2f, 0.6f, 10 },
    TRUE },
  { "image-view-column.f32", 1, 9, 1, 8, { 0, 0, 1, 1 }, 0, { 0, 0, 0, 1, 0 }, FALSE },
  { "image-view-row.f32", 9, 1, 3, 8, { 0, 0, 1, 1 }, 0, { 30, 0, 0, 1, 0 }, FALSE },
};

static void
test_golden (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
      g_autoptr (CwRenderer) renderer = cw_renderer_new (c->size);
      g_autoptr (CwImage) source = make_picture (c->w, c->h, c->c);
      g_autoptr (CwField) field = c->field ? make_field (c->size) : NULL;
      g_autofree float *out = g_new (float, c->size * c->size * 3);
      g_autofree float *want = NULL;
      CwViewDraw draw = { 0 };
      size_t n;

      append (pipeline, "crop", NULL);
      append (pipeline, "flip", NULL);
      append (pipeline, "affine", NULL);
      memcpy (draw.values[0], c->crop, sizeof c->crop);
      draw.values[1][0] = c->flip;
      memcpy (draw.values[2], c->affine, sizeof c->affine);
      want = cw_test_load_golden (c->golden, &n);
      g_assert_cmpuint (n, ==, (size_t) (c->size * c->size * 3));
      cw_pipeline_render (pipeline, &draw, source, field, renderer, out);
      cw_test_assert_close (c->golden, n, out, want, 3e-5, 0);
    }
}

/* Nothing to do: the same picture, to the last bit; also for a field of zeros. */
static void
test_identity (void)
{
  const int size = 33;
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autoptr (CwField) zero = cw_field_new (size, size);
  g_autofree float *out = g_new (float, size * size * 3);
  g_autofree float *want = g_new (float, size * size * 3);
  g_autofree float *warped = g_new (float, size * size * 3);
  CwViewDraw draw = { 0 };

  for (int c = 1; c <= 3; c += 2)
    {
      g_autoptr (CwImage) source = make_picture (size, size, c);

      for (int i = 0; i < size * size * 3; i++)
        want[i] = (float) source->data[c == 3 ? i : i / 3] / 255;
      cw_pipeline_render (pipeline, &draw, source, NULL, renderer, out);
      cw_test_assert_close ("identity", (size_t) (size * size * 3), out, want, 2e-6, 0);
      cw_pipeline_render (pipeline, &draw, source, zero, renderer, warped);
      assert_same ("zero field", warped, out, (size_t) (size * size * 3));
    }
}

/* A projective step: the quotient is taken. */
static CwMatrix
tilt (gconstpointer params, const CwTransformContext *context, const float *values)
{
  return (CwMatrix){ { 1, 0, 0, 0, 1, 0, 0.5f, 0.25f, 1 } };
}

static void
draw_nothing (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
}

static void
test_projective (void)
{
  static const CwTransformClass tilted
      = { .base = { CW_ABI_VERSION, CW_KIND_TRANSFORM, "tilt", "", "", NULL, 0 },
          .pattern = CW_TRANSFORM_GEOMETRIC, .draw = draw_nothing, .matrix = tilt };
  const int size = 16;
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autoptr (CwImage) source = cw_image_new (200, 200, 1);
  g_autofree float *out = g_new (float, size * size * 3);
  CwViewDraw draw = { 0 };

  /* The brightness of the source is its x coordinate in pixels. */
  for (int i = 0; i < 200 * 200; i++)
    source->data[i] = (guint8) (i % 200);
  g_assert_nonnull (cw_pipeline_append (pipeline, &tilted, NULL, NULL));
  cw_pipeline_render (pipeline, &draw, source, NULL, renderer, out);
  for (int i = 0; i < size * size; i++)
    {
      float x = ((float) (i % size) + 0.5f) / (float) size;
      float y = ((float) (i / size) + 0.5f) / (float) size;
      float want = (200 * x / (0.5f * x + 0.25f * y + 1) - 0.5f) / 255;

      cw_test_assert_close ("tilted", 1, out + 3 * i, &want, 1e-5, 0);
    }
}

/* ---- steps by themselves ---- */

static void
apply_step (const char *id, const float *values, const float *in, int size, float *out)
{
  const CwTransformClass *class = transform (id);
  gpointer params = cw_params_block_new (class->base.params, class->base.params_size);
  g_autofree float *scratch = g_new (float, 3 * size * size);

  memcpy (out, in, (size_t) (3 * size * size) * sizeof *out);
  class->apply (params, values, size, out, scratch);
  cw_params_block_free (class->base.params, params);
}

static void
test_colour_jitter (void)
{
  static const float values[][4] = { { 1.3f, 0.7f, 1.2f, 0.05f }, { 0.6f, 1.4f, 0.8f, -0.04f },
                                     { 1, 1, 1, 0.5f },           { 1, 1, 1, -0.5f },
                                     { 1.25f, 1, 0, 0.02f },      { 1, 0, 1, 0 } };
  static const float neutral[4] = { 1, 1, 1, 0 };
  g_autofree float *in = NULL;
  g_autofree float *want = NULL;
  float out[16 * 16 * 3];
  size_t n;

  want = cw_test_load_golden ("image-colour-jitter.f32", &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (values) * G_N_ELEMENTS (out));
  in = cw_test_load_golden ("image-colour-in.f32", &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (out));
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *what = g_strdup_printf ("jitter %d", (int) i);

      apply_step ("colour-jitter", values[i], in, 16, out);
      cw_test_assert_close (what, n, out, want + i * n, 3e-6, 0);
    }
  apply_step ("colour-jitter", neutral, in, 16, out);
  assert_same ("neutral", out, in, n);
}

static void
test_blur (void)
{
  static const float sigmas[] = { 0.3f, 1.5f, 3 };
  const float none = 0;
  g_autofree float *in = NULL;
  g_autofree float *want = NULL;
  float out[16 * 16 * 3];
  size_t n;

  want = cw_test_load_golden ("image-blur.f32", &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (sigmas) * G_N_ELEMENTS (out));
  in = cw_test_load_golden ("image-colour-in.f32", &n);
  for (size_t i = 0; i < G_N_ELEMENTS (sigmas); i++)
    {
      apply_step ("blur", &sigmas[i], in, 16, out);
      cw_test_assert_close ("blur", n, out, want + i * n, 2e-6, 0);
    }
  apply_step ("blur", &none, in, 16, out);
  assert_same ("no blur", out, in, n);
  /* A sigma set by hand may reach over the whole view and more. */
  apply_step ("blur", (const float[]){ 60 }, in, 4, out);
  for (int i = 0; i < 4 * 4 * 3; i++)
    g_assert_true (out[i] > 0.2f && out[i] < 0.8f);
}

static void
test_grey (void)
{
  const float in[3] = { 0.2f, 0.4f, 0.9f }, on = 1, off = 0;
  const float luma = 0.2989f * 0.2f + 0.587f * 0.4f + 0.114f * 0.9f;
  float out[3];

  apply_step ("grey", &on, in, 1, out);
  cw_test_assert_close ("grey", 3, out, (const float[]){ luma, luma, luma }, 1e-6, 0);
  apply_step ("grey", &off, in, 1, out);
  assert_same ("not grey", out, in, 3);
}

/* ---- drawing ---- */

static void
test_crop_draws (void)
{
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  double areas = 0;
  const int n = 4000;

  append (pipeline, "crop", NULL);
  for (int i = 0; i < n; i++)
    {
      CwViewKey key = { 3, 0, (guint32) i, 0 };
      CwViewDraw draw;
      const float *v = draw.values[0];

      cw_pipeline_draw (pipeline, &key, 120, 100, 64, &draw);
      g_assert_true (v[0] >= 0 && v[1] >= 0 && v[2] > 0 && v[3] > 0);
      g_assert_true (v[0] + v[2] <= 1.00001f && v[1] + v[3] <= 1.00001f);
      g_assert_true (v[2] * 120 / (v[3] * 100) > 0.8999f && v[2] * 120 / (v[3] * 100) < 1.1101f);
      areas += (double) (v[2] * v[3]);
    }
  /* Between 0.6 and 1, less what does not fit: 10/12 is the largest square of this picture. */
  g_assert_true (areas / n > 0.71 && areas / n < 0.78);

  set (pipeline, "crop", "scale-min", "0.3");
  set (pipeline, "crop", "scale-max", "0.5");
  areas = 0;
  for (int i = 0; i < n; i++)
    {
      CwViewKey key = { 3, 0, (guint32) i, 0 };
      CwViewDraw draw;

      cw_pipeline_draw (pipeline, &key, 120, 100, 64, &draw);
      areas += (double) (draw.values[0][2] * draw.values[0][3]);
    }
  g_assert_cmpfloat (fabs (areas / n - 0.4), <, 0.005);
}

/* A step fires as often as it says, and draws neutral values when it does not. */
static void
test_probabilities (void)
{
  static const struct
  {
    const char *id;
    double probability;
    float neutral[5];
    int n;
  } steps[] = {
    { "flip", 0.5, { 0 }, 1 },
    { "affine", 0.8, { 0, 0, 0, 1, 0 }, 5 },
    { "colour-jitter", 0.8, { 1, 1, 1, 0 }, 4 },
    { "grey", 0.2, { 0 }, 1 },
    { "blur", 0.3, { 0 }, 1 },
  };
  const int n = 4000;

  for (size_t s = 0; s < G_N_ELEMENTS (steps); s++)
    {
      g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
      int fired = 0;

      append (pipeline, steps[s].id, NULL);
      g_assert_cmpint (pipeline->steps[0].transform->n_drawn, ==, steps[s].n);
      for (int i = 0; i < n; i++)
        {
          CwViewKey key = { 4, 1, (guint32) i, 0 };
          CwViewDraw draw;

          cw_pipeline_draw (pipeline, &key, 100, 100, 64, &draw);
          fired += memcmp (draw.values[0], steps[s].neutral, (size_t) steps[s].n * sizeof (float))
                   != 0;
        }
      g_assert_cmpfloat (fabs ((double) fired / n - steps[s].probability), <, 0.035);
    }
}

/* Where a clockwise rotation and a shift to the right take things. */
static void
test_affine_direction (void)
{
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  CwViewDraw draw = { .values = { { 90, 0.1f, 0, 1, 0 } } };
  CwMatrix view_to_source, source_to_view;
  CwPoint top;

  append (pipeline, "affine", NULL);
  view_to_source = cw_pipeline_matrix (pipeline, &draw, 200, 200, 100);
  source_to_view = cw_matrix_invert (view_to_source);
  /* The middle of the upper edge goes to the right edge, and out by the shift. */
  top = cw_matrix_apply (&source_to_view, (CwPoint){ 100, 0 });
  cw_test_assert_close ("turned", 2, (const float[]){ top.x, top.y }, (const float[]){ 110, 50 },
                        1e-3, 0);
}

/* Switching, removing or moving a step leaves the draws of the others alone. */
static void
test_streams (void)
{
  static const char *const ids[] = { "crop", "flip", "affine", "colour-jitter", "grey", "blur" };
  static const int moved[] = { 5, 3, 0, 2 };
  g_autoptr (CwPipeline) all = cw_pipeline_new ();
  g_autoptr (CwPipeline) without = NULL;
  g_autoptr (CwPipeline) other = cw_pipeline_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    append (all, ids[i], NULL);
  without = cw_pipeline_copy (all);
  without->steps[2].enabled = FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS (moved); i++)
    append (other, ids[moved[i]], NULL);
  for (guint32 item = 0; item < 50; item++)
    {
      CwViewKey key = { 9, 2, item, 1 };
      CwViewDraw a, b, c;

      cw_pipeline_draw (all, &key, 90, 110, 64, &a);
      cw_pipeline_draw (without, &key, 90, 110, 64, &b);
      cw_pipeline_draw (other, &key, 90, 110, 64, &c);
      for (int i = 0; i < 6; i++)
        {
          if (i != 2)
            assert_same ("switched", a.values[i], b.values[i], CW_MAX_DRAWN);
          else
            g_assert_cmpfloat (b.values[i][3], ==, 0);
        }
      for (size_t i = 0; i < G_N_ELEMENTS (moved); i++)
        assert_same ("moved", a.values[moved[i]], c.values[i], CW_MAX_DRAWN);
    }
}

static void
test_append (void)
{
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  g_autoptr (GError) error = NULL;

  append (pipeline, "flip", NULL);
  g_assert_cmpstr (append (pipeline, "flip", NULL)->name, ==, "flip-2");
  g_assert_cmpstr (append (pipeline, "flip", NULL)->name, ==, "flip-3");
  g_assert_null (cw_pipeline_append (pipeline, transform ("grey"), "flip-2", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "flip-2"));
  g_clear_error (&error);
  g_assert_null (cw_pipeline_append (pipeline, transform ("grey"), "a]b", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_clear_error (&error);
  g_assert_null (cw_pipeline_append (pipeline, transform ("grey"), "", &error));
  g_clear_error (&error);
  g_assert_cmpint (pipeline->n_steps, ==, 3);
  while (pipeline->n_steps < CW_PIPELINE_MAX_STEPS)
    append (pipeline, "blur", NULL);
  g_assert_null (cw_pipeline_append (pipeline, transform ("grey"), NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_null (cw_pipeline_find (pipeline, "grey"));
}

/* 256 streams, 40 times 16 names: some meet, and still no two steps draw the same. */
static void
test_streams_differ (void)
{
  for (int round = 0; round < 40; round++)
    {
      g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();

      for (int i = 0; i < CW_PIPELINE_MAX_STEPS; i++)
        {
          g_autofree char *name = g_strdup_printf ("step-%d-%d", round, i);
          int stream = append (pipeline, "flip", name)->stream;

          g_assert_true (stream >= 0 && stream < 256);
          for (int k = 0; k < i; k++)
            g_assert_cmpint (stream, !=, pipeline->steps[k].stream);
        }
    }
}

/* ---- views ---- */

static void
draw_view (const CwViews *views, guint32 item, int view, CwViewDraw *draw)
{
  cw_views_draw (views, 21, 3, item, view, 90, 110, cw_landmark_template_points (), CW_N_LANDMARKS,
                 draw);
}

static void
test_views_shared (void)
{
  const int size = 32;
  g_autoptr (CwViews) views = cw_views_new (size);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autoptr (CwImage) source = make_picture (90, 110, 3);
  g_autoptr (CwField) field = cw_field_new (size, size);
  g_autofree float *positive = g_new (float, size * size * 3);
  g_autofree float *negative = g_new (float, size * size * 3);
  int still = 0;

  g_assert_cmpint (cw_views_count (views), ==, 3);
  views->negatives.count = 3;
  views->negatives.common.remove_affine = FALSE;
  /* Contrast and blur look at more than the pixel itself. */
  cw_pipeline_find (views->pipeline, "colour-jitter")->enabled = FALSE;
  cw_pipeline_find (views->pipeline, "blur")->enabled = FALSE;
  for (guint32 item = 0; item < 10; item++)
    {
      CwViewDraw one, two, third;

      draw_view (views, item, 1, &one);
      draw_view (views, item, 2, &two);
      draw_view (views, item, 3, &third);
      g_assert_false (one.warped);
      g_assert_true (two.warped);
      assert_same ("shared", two.values[0], one.values[0], CW_PIPELINE_MAX_STEPS * CW_MAX_DRAWN);
      g_assert_true (memcmp (&two.warp, &third.warp, sizeof two.warp) != 0);

      cw_views_render (views, &one, source, renderer, positive, field);
      g_assert_cmpfloat (cw_field_max (field), ==, 0);
      cw_views_render (views, &two, source, renderer, negative, field);
      g_assert_cmpfloat (cw_field_max (field), >, 0.02f * (float) size);
      for (int i = 0; i < size * size; i++)
        {
          if (field->d[2 * i] < 0 || field->d[2 * i] > 0 || field->d[2 * i + 1] < 0
              || field->d[2 * i + 1] > 0)
            continue;
          assert_same ("where nothing moved", negative + 3 * i, positive + 3 * i, 3);
          still++;
        }
      g_assert_true (memcmp (positive, negative, (size_t) (size * size * 3) * sizeof (float)) != 0);
      /* The field is the one that was used, whoever keeps it. */
      cw_pipeline_render (views->pipeline, &two, source, field, renderer, positive);
      assert_same ("given field", positive, negative, (size_t) (size * size * 3));
      cw_views_render (views, &two, source, renderer, positive, NULL);
      assert_same ("own field", positive, negative, (size_t) (size * size * 3));
    }
  g_assert_cmpint (still, >, 100);

  views->negatives.transform = CW_NEGATIVE_FRESH;
  {
    CwViewDraw one, two;

    draw_view (views, 0, 1, &one);
    draw_view (views, 0, 2, &two);
    g_assert_true (memcmp (one.values, two.values, sizeof one.values) != 0);
  }
}

/* The same address, the same bytes; another seed, epoch, item or view, others. */
static void
test_determinism (void)
{
  const int size = 24;
  g_autoptr (CwViews) views = cw_views_new (size);
  g_autoptr (CwViews) copy = cw_views_copy (views);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autoptr (CwRenderer) second = cw_renderer_new (size);
  g_autoptr (CwImage) source = make_picture (50, 44, 3);
  const CwPoint *points = cw_landmark_template_points ();
  float a[24 * 24 * 3], b[24 * 24 * 3];
  CwViewDraw first, again, other;

  for (int view = 0; view < 3; view++)
    {
      cw_views_draw (views, 1, 2, 3, view, 50, 44, points, CW_N_LANDMARKS, &first);
      cw_views_draw (copy, 1, 2, 3, view, 50, 44, points, CW_N_LANDMARKS, &again);
      g_assert_cmpmem (&first, sizeof first, &again, sizeof again);
      cw_views_render (views, &first, source, renderer, a, NULL);
      cw_views_draw (views, 9, 9, 9, 0, 50, 44, points, CW_N_LANDMARKS, &other);
      cw_views_render (views, &other, source, second, b, NULL);
      cw_views_render (copy, &again, source, second, b, NULL);
      assert_same ("again", a, b, G_N_ELEMENTS (a));
    }
  cw_views_draw (views, 1, 2, 3, 0, 50, 44, points, CW_N_LANDMARKS, &first);
  cw_views_draw (views, 2, 2, 3, 0, 50, 44, points, CW_N_LANDMARKS, &other);
  g_assert_true (memcmp (first.values, other.values, sizeof first.values) != 0);
  cw_views_draw (views, 1, 3, 3, 0, 50, 44, points, CW_N_LANDMARKS, &other);
  g_assert_true (memcmp (first.values, other.values, sizeof first.values) != 0);
  cw_views_draw (views, 1, 2, 4, 0, 50, 44, points, CW_N_LANDMARKS, &other);
  g_assert_true (memcmp (first.values, other.values, sizeof first.values) != 0);
  cw_views_draw (views, 1, 2, 3, 1, 50, 44, points, CW_N_LANDMARKS, &other);
  g_assert_true (memcmp (first.values, other.values, sizeof first.values) != 0);
}

static void
set_warp (CwViews *views, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (views->warp->base.params, views->warp_params, NULL, id, text, &error);
  g_assert_no_error (error);
}

/* A push sits where the view shows the landmark. */
static void
test_landmarks_in_view (void)
{
  const int size = 48;
  g_autoptr (CwViews) views = cw_views_new (size);
  const CwPoint inside = { 0.5f, 0.45f }, outside[2] = { { 3, 0.5f }, { -2, 7 } };
  int cut = 0;

  set_warp (views, "jitter", "0");
  set_warp (views, "points", "1");
  for (guint32 item = 0; item < 40; item++)
    {
      CwViewDraw draw;
      CwMatrix m;
      CwPoint p;
      float got[2], want[2] = { inside.x * 90, inside.y * 110 };

      cw_views_draw (views, 5, 0, item, 2, 90, 110, &inside, 1, &draw);
      m = cw_pipeline_matrix (views->pipeline, &draw, 90, 110, size);
      p = cw_matrix_apply (&m, (CwPoint){ draw.warp.push[0].x, draw.warp.push[0].y });
      got[0] = p.x;
      got[1] = p.y;
      cw_test_assert_close ("landmark", 2, got, want, 1e-3, 0);

      /* None in the view: on its border. None at all: in its middle. */
      cw_views_draw (views, 5, 0, item, 2, 90, 110, outside, 2, &draw);
      p = (CwPoint){ draw.warp.push[0].x, draw.warp.push[0].y };
      g_assert_true (p.x >= 0 && p.x <= size && p.y >= 0 && p.y <= size);
      g_assert_true (MIN (MIN (p.x, size - p.x), MIN (p.y, size - p.y)) < 1e-4f);
      cw_views_draw (views, 5, 0, item, 2, 90, 110, NULL, 0, &draw);
      g_assert_cmpfloat (draw.warp.push[0].x, ==, 0.5f * (float) size);
      g_assert_cmpfloat (draw.warp.push[0].y, ==, 0.5f * (float) size);
    }

  /* With a narrow crop, only what is inside is pushed. */
  set (views->pipeline, "crop", "scale-min", "0.1");
  set (views->pipeline, "crop", "scale-max", "0.15");
  set_warp (views, "points", "24");
  for (guint32 item = 0; item < 40; item++)
    {
      CwViewDraw draw;

      draw_view (views, item, 2, &draw);
      for (int i = 0; i < draw.warp.n; i++)
        {
          const CwPush *push = &draw.warp.push[i];

          /* Points that are cut off would be on the border. */
          cut += MIN (MIN (push->x, size - push->x), MIN (push->y, size - push->y)) < 1e-4f;
        }
    }
  g_assert_cmpint (cut, <, 24);
}

/* The region reaches the warp through crop and flip: where the view shows any of the mouth, only
 * that is pushed. */
static void
test_region_in_view (void)
{
  const int size = 48;
  g_autoptr (CwViews) views = cw_views_new (size);
  const CwPoint *points = cw_landmark_template_points ();
  int with = 0;

  set_warp (views, "jitter", "0");
  set_warp (views, "points", "2");
  views->negatives.common.region = CW_REGION_MOUTH + 1;
  set (views->pipeline, "crop", "scale-min", "0.3");
  for (guint32 item = 0; item < 60; item++)
    {
      gboolean mouth_seen = FALSE;
      int pushed = 0;
      CwMatrix m, inverse;
      CwViewDraw draw;

      cw_views_draw (views, 5, 0, item, 2, 80, 80, points, CW_N_LANDMARKS, &draw);
      m = cw_pipeline_matrix (views->pipeline, &draw, 80, 80, size);
      inverse = cw_matrix_invert (m);
      for (int k = 0; k < CW_N_LANDMARKS; k++)
        {
          CwPoint p = cw_matrix_apply (&inverse, (CwPoint){ 80 * points[k].x, 80 * points[k].y });

          if (cw_landmark_regions[k] != CW_REGION_MOUTH)
            continue;
          mouth_seen |= p.x > 0 && p.x < size && p.y > 0 && p.y < size;
          for (int i = 0; i < draw.warp.n; i++)
            pushed += hypotf (p.x - draw.warp.push[i].x, p.y - draw.warp.push[i].y) < 0.01f;
        }
      g_assert_cmpint (pushed, ==, mouth_seen ? draw.warp.n : 0);
      with += mouth_seen;
    }
  g_assert_true (with > 20 && with < 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pipeline/golden", test_golden);
  g_test_add_func ("/pipeline/identity", test_identity);
  g_test_add_func ("/pipeline/projective", test_projective);
  g_test_add_func ("/transform/colour-jitter", test_colour_jitter);
  g_test_add_func ("/transform/blur", test_blur);
  g_test_add_func ("/transform/grey", test_grey);
  g_test_add_func ("/transform/crop-draws", test_crop_draws);
  g_test_add_func ("/transform/probabilities", test_probabilities);
  g_test_add_func ("/transform/affine-direction", test_affine_direction);
  g_test_add_func ("/pipeline/streams", test_streams);
  g_test_add_func ("/pipeline/streams-differ", test_streams_differ);
  g_test_add_func ("/pipeline/append", test_append);
  g_test_add_func ("/views/shared", test_views_shared);
  g_test_add_func ("/views/determinism", test_determinism);
  g_test_add_func ("/views/landmarks", test_landmarks_in_view);
  g_test_add_func ("/views/region", test_region_in_view);
  return g_test_run ();
}
