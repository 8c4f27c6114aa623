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

/* Without a crop a view is what an encoder gets of the picture later: no aspect is changed. */
static void
test_centred_square (void)
{
  static const struct
  {
    int w, h;
  } shapes[] = { { 49, 33 }, { 33, 51 } };
  const CwPreprocess preprocess = { .size = 33, .std = { 1, 1, 1 } };
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  g_autoptr (CwRenderer) renderer = cw_renderer_new (33);
  g_autofree float *out = g_new (float, 33 * 33 * 3);
  g_autofree float *want = g_new (float, 33 * 33 * 3);
  CwViewDraw draw = { 0 };

  for (size_t i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (CwImage) source = make_picture (shapes[i].w, shapes[i].h, 3);

      cw_preprocess_picture (&preprocess, source, want);
      cw_pipeline_render (pipeline, &draw, source, NULL, renderer, out);
      cw_test_assert_close ("square", 33 * 33 * 3, out, want, 2e-6, 0);
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

/* With one parameter that is not the default: @key (nullable) has @text. */
static void
apply_with (const char *id, const char *key, const char *text, const float *values,
            const float *in, int size, float *out)
{
  const CwTransformClass *class = transform (id);
  gpointer params = cw_params_block_new (class->base.params, class->base.params_size);
  g_autofree float *scratch = g_new (float, 3 * size * size);
  g_autoptr (GError) error = NULL;

  if (key != NULL)
    cw_params_set_string (class->base.params, params, NULL, key, text, &error);
  g_assert_no_error (error);
  memcpy (out, in, (size_t) (3 * size * size) * sizeof *out);
  class->apply (params, values, size, out, scratch);
  cw_params_block_free (class->base.params, params);
}

static void
apply_step (const char *id, const float *values, const float *in, int size, float *out)
{
  apply_with (id, NULL, NULL, values, in, size, out);
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

typedef struct
{
  const char *key, *text;
  float values[CW_MAX_DRAWN];
} Setting;

/* Several settings of one transform against a golden file, which has the results one after the
 * other; and that the values in @neutral change nothing. */
static void
check_settings (const char *id, const Setting *settings, size_t n_settings, double tolerance,
                const float *neutral)
{
  g_autofree char *name = g_strdup_printf ("image-%s.f32", id);
  g_autofree float *in = NULL;
  g_autofree float *want = NULL;
  float out[16 * 16 * 3];
  size_t n;

  want = cw_test_load_golden (name, &n);
  g_assert_cmpuint (n, ==, n_settings * G_N_ELEMENTS (out));
  in = cw_test_load_golden ("image-colour-in.f32", &n);
  for (size_t i = 0; i < n_settings; i++)
    {
      g_autofree char *what = g_strdup_printf ("%s %d", id, (int) i);

      apply_with (id, settings[i].key, settings[i].text, settings[i].values, in, 16, out);
      cw_test_assert_close (what, n, out, want + i * n, tolerance, 0);
    }
  apply_step (id, neutral, in, 16, out);
  assert_same (id, out, in, n);
}

/* Exact: a threshold is met or not, and levels are powers of two. */
static void
test_solarise_and_posterise (void)
{
  static const Setting thresholds[]
      = { { "threshold", "0.5", { 1 } }, { "threshold", "0.75", { 1 } } };
  static const Setting bits[] = { { NULL, NULL, { 1 } }, { NULL, NULL, { 3 } },
                                  { NULL, NULL, { 8 } } };
  const float none = 0;

  check_settings ("solarise", thresholds, G_N_ELEMENTS (thresholds), 0, &none);
  check_settings ("posterise", bits, G_N_ELEMENTS (bits), 0, &none);
}

static void
test_lighting (void)
{
  static const Setting lights[] = { { NULL, NULL, { 0.3f, 0 } }, { NULL, NULL, { 0.8f, 135 } },
                                    { NULL, NULL, { 1, 250 } } };
  const float grey[2 * 2 * 3] = { 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f,
                                  0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f };
  float out[2 * 2 * 3];

  check_settings ("lighting", lights, G_N_ELEMENTS (lights), 2e-6, (const float[]){ 0, 70 });
  /* From the right, then from below; one pixel is all middle. */
  apply_step ("lighting", (const float[]){ 0.5f, 0 }, grey, 2, out);
  cw_test_assert_close ("right", 2, (const float[]){ out[0], out[3] },
                        (const float[]){ 0.25f, 0.75f }, 1e-6, 0);
  apply_step ("lighting", (const float[]){ 0.5f, 90 }, grey, 2, out);
  cw_test_assert_close ("below", 2, (const float[]){ out[0], out[6] },
                        (const float[]){ 0.25f, 0.75f }, 1e-6, 0);
  apply_step ("lighting", (const float[]){ 0.5f, 33 }, grey, 1, out);
  cw_test_assert_close ("middle", 3, out, grey, 1e-6, 0);
}

static void
test_noise (void)
{
  static const Setting noises[] = { { "channels", "each", { 0.1f, 7 } },
                                    { "channels", "grey", { 0.3f, 16777215 } } };
  const int size = 64, n = 3 * 64 * 64;
  g_autofree float *in = g_new (float, n);
  g_autofree float *out = g_new (float, n);
  double sum = 0, squares = 0;

  check_settings ("noise", noises, G_N_ELEMENTS (noises), 3e-6, (const float[]){ 0, 7 });
  for (int i = 0; i < n; i++)
    in[i] = 0.5f;
  apply_step ("noise", (const float[]){ 0.1f, 3 }, in, size, out);
  for (int i = 0; i < n; i++)
    {
      sum += (double) out[i] - 0.5;
      squares += ((double) out[i] - 0.5) * ((double) out[i] - 0.5);
    }
  /* Four standard errors. */
  g_assert_cmpfloat (fabs (sum / n), <, 4 * 0.1 / sqrt (n));
  g_assert_cmpfloat (fabs (sqrt (squares / n) - 0.1), <, 4 * 0.1 / sqrt (2 * n));
}

static void
test_erasing (void)
{
  static const Setting holes[] = { { "fill", "grey", { 0.2f, 0.4f, 0.3f, 0.45f, 5 } },
                                   { "fill", "mean", { 0.2f, 0.4f, 0.3f, 0.45f, 5 } },
                                   { "fill", "noise", { 0.2f, 0.4f, 0.3f, 0.45f, 5 } } };
  float in[5 * 5 * 3] = { 0 }, out[5 * 5 * 3];

  check_settings ("erasing", holes, G_N_ELEMENTS (holes), 2e-6, (const float[]){ 0, 0, 0, 0, 0 });
  /* All, and beyond. */
  apply_with ("erasing", "fill", "noise", (const float[]){ 0, 0, 1, 1, 9 }, in, 5, out);
  for (int i = 0; i < 5 * 5 * 3; i++)
    g_assert_cmpfloat (out[i], >, 0);
  apply_step ("erasing", (const float[]){ 0.5f, -3, 8, 9, 9 }, in, 5, out);
  g_assert_cmpfloat (out[5 * 5 * 3 - 1], ==, 0.5f);
}

/* A side that is no multiple of eight; the picture of the gather. */
static void
test_jpeg (void)
{
  static const float qualities[] = { 10, 50, 85, 100 };
  enum { SIDE = 21 };
  g_autoptr (CwImage) picture = make_picture (SIDE, SIDE, 3);
  g_autofree float *want = NULL;
  const float none = 0;
  float in[SIDE * SIDE * 3], out[SIDE * SIDE * 3];
  double loss = 1;
  size_t n;

  for (size_t i = 0; i < G_N_ELEMENTS (in); i++)
    in[i] = (float) picture->data[i] / 255;
  want = cw_test_load_golden ("image-jpeg.f32", &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (qualities) * G_N_ELEMENTS (in));
  for (size_t i = 0; i < G_N_ELEMENTS (qualities); i++)
    {
      double sum = 0;

      apply_step ("jpeg", &qualities[i], in, SIDE, out);
      cw_test_assert_close ("jpeg", G_N_ELEMENTS (in), out, want + i * G_N_ELEMENTS (in), 3e-6, 0);
      for (size_t k = 0; k < G_N_ELEMENTS (in); k++)
        sum += fabs ((double) out[k] - (double) in[k]) / (double) G_N_ELEMENTS (in);
      g_assert_cmpfloat (sum, <, loss);
      loss = sum;
    }
  g_assert_cmpfloat (loss, <, 1.0 / 255);
  apply_step ("jpeg", &none, in, SIDE, out);
  assert_same ("no jpeg", out, in, G_N_ELEMENTS (in));
}

static void
test_perspective (void)
{
  static const float insets[][8] = { { 0 },
                                     { 0.1f, 0.05f, 0.2f, 0, 0.03f, 0.12f, 0.07f, 0.25f },
                                     { 0.325f, 0.325f, 0, 0.3f, 0.1f, 0.2f, 0.3f, 0 },
                                     { 0.1f, 0, 0.1f, 0, 0, 0, 0, 0 } };
  const CwTransformClass *class = transform ("perspective");
  const CwTransformContext context = { 90, 110, 48 };
  g_autofree float *want = NULL;
  size_t n;

  want = cw_test_load_golden ("image-perspective.f32", &n);
  g_assert_cmpuint (n, ==, 9 * G_N_ELEMENTS (insets));
  for (size_t i = 0; i < G_N_ELEMENTS (insets); i++)
    {
      CwMatrix m = class->matrix (NULL, &context, insets[i]);
      CwPoint corner = cw_matrix_apply (&m, (CwPoint){ insets[i][0], insets[i][1] });

      for (int k = 0; k < 9; k++)
        m.m[k] /= m.m[8];
      cw_test_assert_close ("perspective", 9, m.m, want + 9 * i, 1e-5, 0);
      cw_test_assert_close ("corner", 2, (const float[]){ corner.x, corner.y },
                            (const float[]){ 0, 0 }, 1e-6, 0);
    }
}

/* No horizon: whatever is drawn at the largest distortion, all of the view is in front. */
static void
test_perspective_draws (void)
{
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  float largest = 0;

  append (pipeline, "perspective", NULL);
  set (pipeline, "perspective", "probability", "1");
  set (pipeline, "perspective", "distortion", "0.45");
  for (guint32 item = 0; item < 2000; item++)
    {
      CwViewKey key = { 8, 0, item, 0 };
      CwViewDraw draw;
      CwMatrix m;

      cw_pipeline_draw (pipeline, &key, 1, 1, 1, &draw);
      m = cw_pipeline_matrix (pipeline, &draw, 1, 1, 1);
      for (int corner = 0; corner < 4; corner++)
        {
          float x = (float) (corner % 2), y = (float) (corner / 2);
          float middle = 0.5f * (m.m[6] + m.m[7]) + m.m[8];

          g_assert_cmpfloat ((m.m[6] * x + m.m[7] * y + m.m[8]) / middle, >, 0);
        }
      for (int i = 0; i < 8; i++)
        {
          g_assert_true (draw.values[0][i] >= 0 && draw.values[0][i] < 0.225f);
          largest = MAX (largest, draw.values[0][i]);
        }
    }
  g_assert_cmpfloat (largest, >, 0.22f);
}

/* ---- drawing ---- */

static void
test_erasing_draws (void)
{
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  double areas = 0, ratios = 0, x = 0;
  const int n = 4000;

  append (pipeline, "erasing", NULL);
  set (pipeline, "erasing", "probability", "1");
  for (int i = 0; i < n; i++)
    {
      CwViewKey key = { 3, 0, (guint32) i, 0 };
      CwViewDraw draw;
      const float *v = draw.values[0];

      cw_pipeline_draw (pipeline, &key, 120, 100, 64, &draw);
      g_assert_true (v[0] >= 0 && v[1] >= 0 && v[0] + v[2] <= 1.00001f && v[1] + v[3] <= 1.00001f);
      g_assert_true (v[2] * v[3] > 0.01999f && v[2] * v[3] < 0.10001f);
      g_assert_true (v[2] / v[3] > 0.4999f && v[2] / v[3] < 2.0001f);
      g_assert_cmpfloat (v[4], ==, floorf (v[4]));
      areas += (double) (v[2] * v[3]);
      ratios += log ((double) (v[2] / v[3]));
      x += (double) (v[0] / (1 - v[2]));
    }
  g_assert_cmpfloat (fabs (areas / n - 0.06), <, 0.0015);
  g_assert_cmpfloat (fabs (ratios / n), <, 0.03);
  g_assert_cmpfloat (fabs (x / n - 0.5), <, 0.02);
}

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
    float neutral[8];
    int n;
  } steps[] = {
    { "flip", 0.5, { 0 }, 1 },
    { "affine", 0.8, { 0, 0, 0, 1, 0 }, 5 },
    { "colour-jitter", 0.8, { 1, 1, 1, 0 }, 4 },
    { "grey", 0.2, { 0 }, 1 },
    { "blur", 0.3, { 0 }, 1 },
    { "perspective", 0.5, { 0 }, 8 },
    { "solarise", 0.2, { 0 }, 1 },
    { "posterise", 0.2, { 0 }, 1 },
    { "noise", 0.3, { 0 }, 2 },
    { "erasing", 0.2, { 0 }, 5 },
    { "jpeg", 0.3, { 0 }, 1 },
    { "lighting", 0.3, { 0 }, 2 },
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

static void
assert_names (const CwPipeline *pipeline, const char *names)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (int i = 0; i < pipeline->n_steps; i++)
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "", pipeline->steps[i].name);
  g_assert_cmpstr (found->str, ==, names);
}

static void
test_move_and_remove (void)
{
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new_preset ("default", NULL);
  g_autoptr (CwPipeline) before = cw_pipeline_copy (pipeline);

  g_assert_true (cw_pipeline_equal (pipeline, before));
  set (pipeline, "crop", "scale-min", "0.3");
  g_assert_false (cw_pipeline_equal (pipeline, before));
  cw_pipeline_move (pipeline, 0, 5);
  assert_names (pipeline, "flip affine colour-jitter grey blur crop");
  cw_pipeline_move (pipeline, 3, 1);
  assert_names (pipeline, "flip grey affine colour-jitter blur crop");
  cw_pipeline_move (pipeline, 2, 2);
  cw_pipeline_remove (pipeline, 3);
  assert_names (pipeline, "flip grey affine blur crop");
  cw_pipeline_remove (pipeline, 4);
  cw_pipeline_remove (pipeline, 0);
  assert_names (pipeline, "grey affine blur");
  for (int i = 0; i < pipeline->n_steps; i++)
    {
      CwPipelineStep *old = cw_pipeline_find (before, pipeline->steps[i].name);

      g_assert_cmpint (pipeline->steps[i].stream, ==, old->stream);
      g_assert_true (pipeline->steps[i].transform == old->transform);
      g_assert_true (cw_params_equal (old->transform->base.params, pipeline->steps[i].params,
                                      old->params));
    }
}

static void
test_duplicate_and_reset (void)
{
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  g_autoptr (GError) error = NULL;
  CwPipelineStep *copy;

  append (pipeline, "blur", NULL);
  append (pipeline, "blur", "soft");
  append (pipeline, "grey", NULL);
  set (pipeline, "soft", "sigma-max", "2.5");
  cw_pipeline_find (pipeline, "soft")->views = CW_STEP_ANCHOR;
  copy = cw_pipeline_duplicate (pipeline, 1, &error);
  g_assert_no_error (error);
  assert_names (pipeline, "blur soft soft-2 grey");
  g_assert_true (copy == &pipeline->steps[2]);
  g_assert_cmpint (copy->views, ==, CW_STEP_ANCHOR);
  g_assert_cmpint (copy->stream, !=, pipeline->steps[1].stream);
  g_assert_true (cw_params_equal (copy->transform->base.params, copy->params,
                                  pipeline->steps[1].params));
  g_assert_nonnull (cw_pipeline_duplicate (pipeline, 2, &error));
  assert_names (pipeline, "blur soft soft-2 soft-3 grey");

  copy = &pipeline->steps[2];
  cw_pipeline_reset (pipeline, 2);
  g_assert_cmpint (copy->views, ==, CW_STEP_ALL);
  g_assert_true (cw_params_equal (copy->transform->base.params, copy->params,
                                  pipeline->steps[0].params));
  g_assert_false (cw_params_equal (copy->transform->base.params, copy->params,
                                   pipeline->steps[1].params));

  while (pipeline->n_steps < CW_PIPELINE_MAX_STEPS)
    append (pipeline, "flip", NULL);
  g_assert_null (cw_pipeline_duplicate (pipeline, 0, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "blur-2"));
  g_assert_cmpint (pipeline->n_steps, ==, CW_PIPELINE_MAX_STEPS);
}

/* After any edit the streams are those that the same names in the same order get when they are read,
 * also where names meet: 40 pipelines of 16 names in 256 streams, some of which do. */
static void
test_streams_of_edits (void)
{
  for (int round = 0; round < 40; round++)
    {
      g_autoptr (CwPipeline) pipeline = cw_pipeline_new (), again = cw_pipeline_new ();

      for (int i = 0; i < CW_PIPELINE_MAX_STEPS; i++)
        {
          g_autofree char *name = g_strdup_printf ("step-%d-%d", round, i);

          append (pipeline, "flip", name);
        }
      cw_pipeline_move (pipeline, CW_PIPELINE_MAX_STEPS - 1, 0);
      cw_pipeline_remove (pipeline, 1 + round % 14);
      g_assert_nonnull (cw_pipeline_duplicate (pipeline, round % 15, NULL));
      for (int i = 0; i < CW_PIPELINE_MAX_STEPS; i++)
        {
          append (again, "flip", pipeline->steps[i].name);
          g_assert_cmpint (pipeline->steps[i].stream, ==, again->steps[i].stream);
        }
    }
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

/* What the family draws at the address of @view, where the view is the whole of a picture of its size. */
static void
draw_warp_at (const CwViews *views, guint32 item, guint32 view, CwWarpDraw *draw)
{
  int size = views->preprocess.size;
  CwPoint points[CW_N_LANDMARKS];
  const CwWarpContext context = { .size = size, .points = points, .n_points = CW_N_LANDMARKS,
                                  .regions = cw_landmark_regions, .landmarks = points };
  CwRng rng = cw_rng_new (21, CW_RNG_WARP, 0, 3, item, view);

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    points[i] = (CwPoint){ (float) size * cw_landmark_template[i].point.x,
                           (float) size * cw_landmark_template[i].point.y };
  *draw = (CwWarpDraw){ 0 };
  views->warp->draw (views->warp_params, &context, &rng, draw);
}

static void
test_views_warp_address (void)
{
  g_autoptr (CwViews) views = cw_views_new (32);

  cw_pipeline_free (views->pipeline);
  views->pipeline = cw_pipeline_new ();
  views->negatives.positive = CW_POSITIVE_WARPED;
  for (guint32 item = 0; item < 10; item++)
    {
      for (int view = 1; view < 3; view++)
        {
          CwViewDraw got;
          CwWarpDraw want;

          cw_views_draw (views, 21, 3, item, view, 32, 32, cw_landmark_template_points (),
                         CW_N_LANDMARKS, &got);
          draw_warp_at (views, item, (guint32) view, &want);
          g_assert_cmpint (got.warp.n, ==, want.n);
          cw_test_assert_close ("warp", 5 * (size_t) want.n, &got.warp.push[0].x, &want.push[0].x,
                                1e-4, 0);
        }
    }
}

/* As a control the positive is warped too, by what its own address draws; the global transform, the
 * anchor and the negatives stay what they are. */
static void
test_views_warped_positive (void)
{
  const int size = 32;
  g_autoptr (CwViews) plain = cw_views_new (size), warped = NULL;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autoptr (CwImage) source = make_picture (90, 110, 3);
  g_autoptr (CwField) field = cw_field_new (size, size);
  g_autofree float *pixels = g_new (float, size * size * 3);

  plain->negatives.count = 2;
  warped = cw_views_copy (plain);
  warped->negatives.positive = CW_POSITIVE_WARPED;
  for (guint32 item = 0; item < 10; item++)
    {
      CwViewDraw was, is, negative;

      for (int view = 0; view < 4; view++)
        {
          draw_view (plain, item, view, &was);
          draw_view (warped, item, view, &is);
          assert_same ("transform", is.values[0], was.values[0],
                       CW_PIPELINE_MAX_STEPS * CW_MAX_DRAWN);
          g_assert_true (is.warped == (view > 0));
          if (view >= 2)
            g_assert_cmpmem (&is.warp, sizeof is.warp, &was.warp, sizeof was.warp);
        }
      draw_view (warped, item, 1, &is);
      draw_view (warped, item, 2, &negative);
      assert_same ("shared", negative.values[0], is.values[0],
                   CW_PIPELINE_MAX_STEPS * CW_MAX_DRAWN);
      g_assert_true (memcmp (&negative.warp, &is.warp, sizeof is.warp) != 0);
      cw_views_render (warped, &is, source, renderer, pixels, field);
      g_assert_cmpfloat (cw_field_max (field), >, 0.01f * (float) size);
    }
}

static void
render (const CwViews *views, const CwViewDraw *draw, const CwImage *source, CwRenderer *renderer,
        float *out)
{
  cw_views_render (views, draw, source, renderer, out, NULL);
}

/* A step for one of the two is to the other what a disabled one is, geometric or not; and rendering
 * asks the draw, not the pipeline. */
static void
test_asymmetric (void)
{
  enum { SIDE = 20, N = SIDE * SIDE * 3 };
  static const char *const steps[] = { "crop", "blur" };
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIDE);
  g_autoptr (CwImage) source = make_picture (50, 44, 3);
  float out[N], want[N], plain[N];

  for (int fresh = 0; fresh < 2; fresh++)
    {
      for (int i = 0; i < 4; i++)
        {
          g_autoptr (CwViews) views = cw_views_new (SIDE);
          g_autoptr (CwViews) without = NULL;
          gboolean anchor = i % 2 == 0;
          int index = steps[i / 2][0] == 'c' ? 0 : 5;
          CwPipelineStep *step = &views->pipeline->steps[index];

          views->negatives.transform = fresh ? CW_NEGATIVE_FRESH : CW_NEGATIVE_SHARED;
          set (views->pipeline, "blur", "probability", "1");
          without = cw_views_copy (views);
          without->pipeline->steps[index].enabled = FALSE;
          step->views = anchor ? CW_STEP_ANCHOR : CW_STEP_POSITIVE;
          for (int view = 0; view < 3; view++)
            {
              gboolean has = anchor == (view == 0);
              CwViewDraw draw, other;

              draw_view (views, 5, view, &draw);
              draw_view (without, 5, view, &other);
              g_assert_cmpint (draw.skipped[index], ==, !has);
              g_assert_true (other.skipped[index]);
              render (views, &draw, source, renderer, out);
              render (without, &other, source, renderer, plain);
              g_assert_true ((memcmp (out, plain, sizeof out) != 0) == has);
              if (!has)
                g_assert_cmpmem (&draw, sizeof draw, &other, sizeof other);

              /* The same draw by a pipeline whose step is for all, then for none. */
              step->views = CW_STEP_ALL;
              render (views, &draw, source, renderer, want);
              assert_same ("pure", out, want, N);
              step->enabled = FALSE;
              render (views, &draw, source, renderer, want);
              assert_same ("pure", out, want, N);
              step->enabled = TRUE;
              step->views = anchor ? CW_STEP_ANCHOR : CW_STEP_POSITIVE;
            }
        }
    }
}

/* A step for the other view changes no draw of the rest. */
static void
test_asymmetric_streams (void)
{
  g_autoptr (CwPipeline) both = cw_pipeline_new_preset ("byol", NULL);
  g_autoptr (CwPipeline) all = cw_pipeline_copy (both);

  for (int i = 0; i < all->n_steps; i++)
    all->steps[i].views = CW_STEP_ALL;
  for (guint32 view = 0; view < 2; view++)
    {
      CwViewKey key = { 4, 1, 7, view };
      CwViewDraw a, b;

      cw_pipeline_draw (both, &key, 90, 110, 64, &a);
      cw_pipeline_draw (all, &key, 90, 110, 64, &b);
      for (int i = 0; i < all->n_steps; i++)
        {
          g_assert_false (b.skipped[i]);
          if (!a.skipped[i])
            assert_same ("other view", a.values[i], b.values[i], CW_MAX_DRAWN);
        }
    }
}

/* ---- presets ---- */

static char *
get (CwPipeline *pipeline, const char *step_name, const char *id)
{
  const CwPipelineStep *step = cw_pipeline_find (pipeline, step_name);

  return cw_params_dup_string (cw_params_find (step->transform->base.params, id), step->params);
}

static void
assert_param (CwPipeline *pipeline, const char *step_name, const char *id, const char *want)
{
  g_autofree char *text = get (pipeline, step_name, id);

  g_assert_cmpstr (text, ==, want);
}

static void
test_presets (void)
{
  static const char *const want[] = { "byol", "simclr", "mild-face", "default", NULL };
  static const char *const byol[] = { "crop", "flip",   "colour-jitter", "grey",
                                      "blur", "blur-2", "solarise" };
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new_preset ("byol", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_strv_equal (cw_pipeline_preset_names (), want));
  for (int i = 0; want[i] != NULL; i++)
    {
      g_autoptr (CwPipeline) each = cw_pipeline_new_preset (want[i], &error);

      g_assert_no_error (error);
      g_assert_cmpint (each->n_steps, >, 4);
    }
  g_assert_cmpint (pipeline->n_steps, ==, G_N_ELEMENTS (byol));
  for (int i = 0; i < pipeline->n_steps; i++)
    g_assert_cmpstr (pipeline->steps[i].name, ==, byol[i]);
  assert_param (pipeline, "crop", "scale-min", "0.08");
  assert_param (pipeline, "colour-jitter", "hue", "0.1");
  assert_param (pipeline, "blur", "probability", "1");
  assert_param (pipeline, "blur-2", "probability", "0.1");
  assert_param (pipeline, "solarise", "probability", "0.2");
  g_assert_cmpint (cw_pipeline_find (pipeline, "blur")->views, ==, CW_STEP_ANCHOR);
  g_assert_cmpint (cw_pipeline_find (pipeline, "blur-2")->views, ==, CW_STEP_POSITIVE);
  g_assert_cmpint (cw_pipeline_find (pipeline, "solarise")->views, ==, CW_STEP_POSITIVE);
  g_assert_cmpint (cw_pipeline_find (pipeline, "crop")->views, ==, CW_STEP_ALL);

  g_assert_null (cw_pipeline_new_preset ("moco", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "'moco'"));
  g_assert_nonnull (strstr (error->message, "byol, simclr, mild-face, default"));
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
  g_test_add_func ("/pipeline/centred-square", test_centred_square);
  g_test_add_func ("/pipeline/projective", test_projective);
  g_test_add_func ("/transform/colour-jitter", test_colour_jitter);
  g_test_add_func ("/transform/blur", test_blur);
  g_test_add_func ("/transform/grey", test_grey);
  g_test_add_func ("/transform/solarise-posterise", test_solarise_and_posterise);
  g_test_add_func ("/transform/lighting", test_lighting);
  g_test_add_func ("/transform/noise", test_noise);
  g_test_add_func ("/transform/erasing", test_erasing);
  g_test_add_func ("/transform/jpeg", test_jpeg);
  g_test_add_func ("/transform/perspective", test_perspective);
  g_test_add_func ("/transform/perspective-draws", test_perspective_draws);
  g_test_add_func ("/transform/erasing-draws", test_erasing_draws);
  g_test_add_func ("/transform/crop-draws", test_crop_draws);
  g_test_add_func ("/transform/probabilities", test_probabilities);
  g_test_add_func ("/transform/affine-direction", test_affine_direction);
  g_test_add_func ("/pipeline/streams", test_streams);
  g_test_add_func ("/pipeline/streams-differ", test_streams_differ);
  g_test_add_func ("/pipeline/append", test_append);
  g_test_add_func ("/pipeline/move-remove", test_move_and_remove);
  g_test_add_func ("/pipeline/duplicate-reset", test_duplicate_and_reset);
  g_test_add_func ("/pipeline/streams-of-edits", test_streams_of_edits);
  g_test_add_func ("/views/shared", test_views_shared);
  g_test_add_func ("/views/warped-positive", test_views_warped_positive);
  g_test_add_func ("/views/warp-address", test_views_warp_address);
  g_test_add_func ("/views/asymmetric", test_asymmetric);
  g_test_add_func ("/views/asymmetric-streams", test_asymmetric_streams);
  g_test_add_func ("/pipeline/presets", test_presets);
  g_test_add_func ("/views/determinism", test_determinism);
  g_test_add_func ("/views/landmarks", test_landmarks_in_view);
  g_test_add_func ("/views/region", test_region_in_view);
  return g_test_run ();
}
