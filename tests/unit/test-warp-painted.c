/* SPDX-License-Identifier: MIT */
/* Warps painted by hand: their text, what dabs do to a field, and where a painting lands on a face. */
#include "base/cw-error.h"
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-strokes.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIZE 48
#define N_FLOATS (SIZE * SIZE * 2)

/* Those of golden/strokes.py. */
static const char painting[]
    = "push 0.34 0.775 0.16 0.05 -0.06; pinch 0.62 0.4 0.2 0.6; swirl 0.5 0.55 0.25 1.2; "
      "push 0.9 0.12 0.3 0.12 -0.1; pinch 0.4 0.7 0.18 -0.7; smooth 0.45 0.65 0.3 0.8; "
      "swirl 0.2 0.3 0.15 -2; smooth 0.97 0.06 0.2 1";

static const CwMatrix frames[] = {
  { { SIZE, 0, 0, 0, SIZE, 0, 0, 0, 1 } },
  { { -34, 11, 44, 9, 38, 3.5f, 0, 0, 1 } }, /* turned, sheared, mirrored */
};

static GArray *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GArray *dabs = cw_strokes_parse (text, &error);

  g_assert_no_error (error);
  return dabs;
}

/* ---- dabs ---- */

static void
test_golden (void)
{
  g_autoptr (GArray) dabs = parse (painting);
  g_autoptr (CwField) scratch = cw_field_new (SIZE, SIZE);
  g_autofree float *want = NULL;
  const float *next;
  size_t n;

  want = cw_test_load_golden ("strokes.f32", &n);
  g_assert_cmpuint (n, ==, 2 * 3 * N_FLOATS);
  g_assert_cmpuint (dabs->len, ==, 8);
  next = want;
  for (size_t k = 0; k < G_N_ELEMENTS (frames); k++)
    {
      g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);

      for (guint i = 0; i < dabs->len; i++)
        {
          cw_dab_apply (&g_array_index (dabs, CwDab, i), &frames[k], field, scratch);
          if (i != 2 && i != 5 && i != 7)
            continue;
          cw_test_assert_close ("field", N_FLOATS, field->d, next, 2e-5, 1e-5);
          next += N_FLOATS;
        }
    }
}

/* By itself no dab folds, however strong. */
static void
test_no_folds (void)
{
  CwMatrix frame = cw_matrix_scale (200, 200);

  for (int kind = CW_DAB_PINCH; kind < CW_N_DAB_KINDS; kind++)
    {
      for (int side = 0; side < 2; side++)
        {
          float strength = side == 0 ? cw_dab_min_strength (kind) : cw_dab_max_strength (kind);
          CwDab dab = { .kind = kind, .x = 0.5f, .y = 0.5f, .radius = 0.45f, .strength = strength };
          g_autoptr (CwField) field = cw_field_new (200, 200);
          g_autoptr (CwField) scratch = cw_field_new (200, 200);

          cw_dab_apply (&dab, &frame, field, scratch);
          g_assert_cmpfloat (cw_field_least_det (field, 1), >, 0.005f);
          g_assert_true (cw_field_max (field) > 1 || kind == CW_DAB_SMOOTH || strength >= 0);
        }
    }
}

/* What a push takes hold of comes along, and the next one takes it further. */
static void
test_pushes_carry (void)
{
  g_autoptr (GArray) dabs = parse ("push 0.3 0.5 0.2 0.1 0; push 0.4 0.5 0.2 0.1 0.05");
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  g_autoptr (CwField) scratch = cw_field_new (SIZE, SIZE);
  const float want[2] = { -0.2f * SIZE, -0.05f * SIZE };
  CwMatrix frame = cw_matrix_scale (SIZE, SIZE);
  float got[2];

  for (guint i = 0; i < dabs->len; i++)
    cw_dab_apply (&g_array_index (dabs, CwDab, i), &frame, field, scratch);
  cw_field_sample (field, 0.5f * SIZE, 0.55f * SIZE, got);
  cw_test_assert_close ("carried", 2, got, want, 0.15, 0);
}

/* Only what is within the radius changes, also at the border; what is kept aside does not matter. */
static void
test_bounds (void)
{
  const char *const texts[] = { "push 0.02 0.98 0.2 0.3 -0.4", "pinch -0.1 0.4 0.3 0.9",
                                "swirl 1.05 1.02 0.3 2", "smooth 0 0 0.3 1",
                                "push 1.9 1.9 0.3 0.1 0.1" };
  CwMatrix frame = cw_matrix_scale (SIZE, SIZE);

  for (size_t k = 0; k < G_N_ELEMENTS (texts); k++)
    {
      g_autoptr (GArray) dabs = parse (texts[k]);
      const CwDab *dab = &g_array_index (dabs, CwDab, 0);
      g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
      g_autoptr (CwField) before = NULL;
      g_autoptr (CwField) scratch = cw_field_new (SIZE, SIZE);

      cw_test_fill_normal (field->d, N_FLOATS, 1, 3);
      before = cw_field_copy (field);
      memset (scratch->d, 0xFF, N_FLOATS * sizeof (float)); /* NaN */
      cw_dab_apply (dab, &frame, field, scratch);
      for (int i = 0; i < SIZE * SIZE; i++)
        {
          float x = (float) (i % SIZE) + 0.5f - SIZE * (dab->x + dab->dx);
          float y = (float) (i / SIZE) + 0.5f - SIZE * (dab->y + dab->dy);

          g_assert_true (isfinite (field->d[2 * i]) && isfinite (field->d[2 * i + 1]));
          if (hypotf (x, y) >= SIZE * dab->radius)
            cw_test_assert_close ("outside", 2, field->d + 2 * i, before->d + 2 * i, 1e-6, 0);
        }
    }
}

/* ---- text ---- */

static void
test_round_trip (void)
{
  g_autoptr (GArray) dabs = g_array_new (FALSE, FALSE, sizeof (CwDab));
  g_autoptr (GArray) again = NULL, spaced = NULL, empty = NULL;
  g_autofree char *text = NULL, *same = NULL;
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, 0, 0);

  for (int i = 0; i < CW_STROKES_MAX_DABS; i++)
    {
      CwDab dab = { .kind = i % CW_N_DAB_KINDS, .x = cw_rng_range (&rng, -1, 2),
                    .y = cw_rng_range (&rng, -1, 2), .radius = cw_rng_range (&rng, 0.01f, 1) };

      if (dab.kind == CW_DAB_PUSH)
        dab.dx = 1e-5f * cw_rng_range (&rng, -1, 1), dab.dy = cw_rng_range (&rng, -1, 1);
      else
        dab.strength = cw_rng_range (&rng, 0, 0.9f);
      g_array_append_val (dabs, dab);
    }
  text = cw_strokes_to_string ((const CwDab *) dabs->data, dabs->len);
  again = parse (text);
  g_assert_cmpuint (again->len, ==, dabs->len);
  for (guint i = 0; i < dabs->len; i++)
    g_assert_cmpmem (&g_array_index (again, CwDab, i), sizeof (CwDab),
                     &g_array_index (dabs, CwDab, i), sizeof (CwDab));

  spaced = parse ("  push 0.5\t.25 1e-1 -0 +0.5 ;\n swirl 0 0 1 -2.5;  ");
  same = cw_strokes_to_string ((const CwDab *) spaced->data, spaced->len);
  g_assert_cmpstr (same, ==, "push 0.5 0.25 0.1 -0 0.5; swirl 0 0 1 -2.5");
  empty = parse (" ");
  g_assert_cmpuint (empty->len, ==, 0);
}

static void
test_refused (void)
{
  static const char *const bad[][2] = {
    { "shove 0 0 1 1 1", "dab 1: 'shove' is not push, pinch, swirl or smooth" },
    { "push 0 0 1 0 0; pus 1", "dab 2: 'pus' is not" },
    { ";", "dab 1: '' is not" },
    { "push 0.5 0.5 0.1 0.2", "dab 1: dy is missing" },
    { "swirl 0.5 0.5 0.1; smooth 0 0 1 1", "dab 1: strength is missing" },
    { "swirl 0.5 0,5 0.1 1", "dab 1: y = '0,5' is not a number" },
    { "pinch 0.5 0.5 0.1 0.2 0.3", "dab 1: '0.3' is too much: pinch takes 4 numbers" },
    { "pinch 0.5 0.5 0.1 0.95", "dab 1: strength = 0.95 is outside -0.9 to 0.9" },
    { "pinch 0.5 0.5 0 0.5", "dab 1: radius = 0 is outside 0.005 to 2" },
    { "push 0.5 nan 0.1 0 0", "dab 1: y = nan is outside -1 to 2" },
  };
  g_autofree char *many = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) local = NULL;

      g_assert_null (cw_strokes_parse (bad[i][0], &local));
      g_assert_error (local, CW_ERROR, CW_ERROR_INVALID_CONFIG);
      g_assert_true (g_str_has_prefix (local->message, bad[i][1]));
      g_assert_null (strchr (local->message, '\n'));
    }
  for (int i = 0; i <= CW_STROKES_MAX_DABS; i++)
    g_string_append (text, "push 0 0 1 0 0;");
  g_assert_null (cw_strokes_parse (text->str, &error));
  g_assert_cmpstr (error->message, ==,
                   "dab 1001: a painting has 1000 at most; paint with a larger brush");
}

/* A painting that shows nothing would make a negative that is none. */
static void
test_idle (void)
{
  static const char *const idle[]
      = { "", " ; ", "smooth 0.5 0.5 0.4 1", "push 0.5 0.5 0.2 0 0", "push 1.9 1.9 0.1 0.1 0.1",
          "push 0.5 0.5 0.2 0.1 0; smooth 0.5 0.5 2 1; smooth 0.5 0.5 2 1; pus" };
  g_autoptr (GError) error = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (idle); i++)
    {
      g_assert_false (cw_strokes_check (idle[i], &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
      g_clear_error (&error);
    }
  g_assert_true (cw_strokes_check (painting, &error));
  g_assert_no_error (error);
}

/* ---- on a face ---- */

typedef struct
{
  const CwWarpClass *warp;
  gpointer params;
  CwPoint landmarks[CW_N_LANDMARKS];
} Face;

static void
set (Face *f, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (f->warp->base.params, f->params, NULL, id, text, &error);
  g_assert_no_error (error);
}

static void
set_up (Face *f, gconstpointer data)
{
  for (int i = 0; cw_builtin_warps[i] != NULL; i++)
    {
      if (g_str_equal (cw_builtin_warps[i]->base.id, "painted"))
        f->warp = cw_builtin_warps[i];
    }
  f->params = cw_params_block_new (f->warp->base.params, f->warp->base.params_size);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      f->landmarks[i].x = SIZE * cw_landmark_template[i].point.x;
      f->landmarks[i].y = SIZE * cw_landmark_template[i].point.y;
    }
}

static void
tear_down (Face *f, gconstpointer data)
{
  cw_params_block_free (f->warp->base.params, f->params);
}

static void
draw (const Face *f, guint32 item, CwWarpDraw *out)
{
  CwWarpContext context = { .size = SIZE,
                            .points = f->landmarks,
                            .n_points = CW_N_LANDMARKS,
                            .regions = cw_landmark_regions,
                            .landmarks = f->landmarks };
  CwRng rng = cw_rng_new (7, CW_RNG_WARP, 0, 0, item, 2);

  memset (out, 0, sizeof *out);
  f->warp->draw (f->params, &context, &rng, out);
}

static void
move_landmarks (Face *f, const CwMatrix *m)
{
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    f->landmarks[i] = cw_matrix_apply (m, f->landmarks[i]);
}

/* On the template's own face the frame is the view. */
static void
test_template (Face *f, gconstpointer data)
{
  CwMatrix frame;

  g_assert_true (cw_strokes_frame (f->landmarks, &frame));
  cw_test_assert_close ("frame", 9, frame.m, frames[0].m, 1e-3, 0);
}

/* A face that is turned, larger, mirrored and elsewhere has the same painting on the same features, as
 * strong as was drawn. */
static void
test_frame (Face *f, gconstpointer data)
{
  CwMatrix move = cw_matrix_multiply (frames[1], cw_matrix_scale (1.0f / SIZE, 1.0f / SIZE));
  g_autoptr (GArray) dabs = parse (painting);
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  g_autoptr (CwField) want = cw_field_new (SIZE, SIZE);
  g_autoptr (CwField) scratch = cw_field_new (SIZE, SIZE);
  CwWarpDraw drawn;

  set (f, "strokes", painting);
  set (f, "amount-min", "0.7");
  set (f, "amount-max", "0.7");
  move_landmarks (f, &move);
  draw (f, 0, &drawn);
  f->warp->fill (f->params, &drawn, field);
  for (guint i = 0; i < dabs->len; i++)
    cw_dab_apply (&g_array_index (dabs, CwDab, i), &frames[1], want, scratch);
  cw_field_scale (want, 0.7f);
  cw_test_assert_close ("field", N_FLOATS, field->d, want->d, 2e-3, 1e-3);
}

/* One-sided by default; mirrored about half the time where that is asked for. */
static void
test_mirror (Face *f, gconstpointer data)
{
  g_autoptr (CwField) plain = cw_field_new (SIZE, SIZE);
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  CwWarpDraw drawn;
  int n_mirrored = 0;

  set (f, "amount-min", "1");
  draw (f, 0, &drawn);
  f->warp->fill (f->params, &drawn, plain);
  set (f, "mirror", "0.5");
  for (guint32 item = 0; item < 200; item++)
    {
      gboolean mirrored;

      draw (f, item, &drawn);
      f->warp->fill (f->params, &drawn, field);
      mirrored = drawn.push[0].dx < 0;
      n_mirrored += mirrored;
      for (int i = 0; i < SIZE * SIZE; i++)
        {
          int from = mirrored ? i - i % SIZE + SIZE - 1 - i % SIZE : i;

          g_assert_cmpfloat_with_epsilon (field->d[2 * i],
                                          (mirrored ? -1 : 1) * plain->d[2 * from], 1e-3f);
          g_assert_cmpfloat_with_epsilon (field->d[2 * i + 1], plain->d[2 * from + 1], 1e-3f);
        }
    }
  g_assert_cmpint (n_mirrored, >, 70);
  g_assert_cmpint (n_mirrored, <, 130);
}

/* Wherever the crop is, the negative is one; landmarks in a line leave no frame. */
static void
test_cut_off (Face *f, gconstpointer data)
{
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  CwWarpDraw drawn;

  for (guint32 item = 0; item < 50; item++)
    {
      CwRng rng = cw_rng_new (2, CW_RNG_TEST, 0, 0, item, 0);
      CwMatrix move = cw_matrix_translation (cw_rng_range (&rng, -400, 400),
                                             cw_rng_range (&rng, -400, 400));
      Face moved = *f;

      move = cw_matrix_multiply (move, cw_matrix_rotation (cw_rng_range (&rng, -3, 3)));
      move_landmarks (&moved, &move);
      draw (&moved, item, &drawn);
      f->warp->fill (f->params, &drawn, field);
      g_assert_cmpfloat (cw_field_max (field), >, 0.2f);
    }
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    f->landmarks[i] = (CwPoint){ 10, 20 };
  draw (f, 0, &drawn);
  f->warp->fill (f->params, &drawn, field);
  g_assert_cmpfloat (cw_field_max (field), >, 0.2f);
}

/* A text that cannot be used changes nothing. */
static void
test_bad_strokes (Face *f, gconstpointer data)
{
  const CwParamSpec *spec = cw_params_find (f->warp->base.params, "strokes");
  g_autofree char *before = cw_params_dup_string (spec, f->params), *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_params_set_string (f->warp->base.params, f->params, "[warp] of a.cwexp",
                                        "strokes", "swirl 0 0 1 9", &error));
  g_assert_cmpstr (error->message, ==,
                   "strokes in [warp] of a.cwexp: dab 1: strength = 9 is outside -2.5 to 2.5");
  after = cw_params_dup_string (spec, f->params);
  g_assert_cmpstr (before, ==, after);
}

#define ADD(path, test) g_test_add (path, Face, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warp-painted/golden", test_golden);
  g_test_add_func ("/warp-painted/no-folds", test_no_folds);
  g_test_add_func ("/warp-painted/pushes-carry", test_pushes_carry);
  g_test_add_func ("/warp-painted/bounds", test_bounds);
  g_test_add_func ("/warp-painted/round-trip", test_round_trip);
  g_test_add_func ("/warp-painted/refused", test_refused);
  g_test_add_func ("/warp-painted/idle", test_idle);
  ADD ("/warp-painted/template", test_template);
  ADD ("/warp-painted/frame", test_frame);
  ADD ("/warp-painted/mirror", test_mirror);
  ADD ("/warp-painted/cut-off", test_cut_off);
  ADD ("/warp-painted/bad-strokes", test_bad_strokes);
  return g_test_run ();
}
