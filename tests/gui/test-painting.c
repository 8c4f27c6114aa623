/* SPDX-License-Identifier: MIT */
#include "models/cwb-painting.h"
#include "models/cwb-warps.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A painting without a widget, and the warps that were saved; no display. */

static guint
count (CwbPainting *painting)
{
  guint n;

  cwb_painting_get_dabs (painting, &n);
  return n;
}

static void
stroke (CwbPainting *painting, double x0, double y0, double x1, double y1)
{
  cwb_painting_begin (painting, x0, y0, 1);
  for (int i = 1; i <= 50; i++)
    cwb_painting_move (painting, x0 + (x1 - x0) * i / 50, y0 + (y1 - y0) * i / 50, 1);
  cwb_painting_end (painting);
}

/* However many motions there are, dabs come a part of the radius apart, and pushes add up to the way. */
static void
test_push (void)
{
  g_autoptr (CwbPainting) painting = cwb_painting_new ();
  const CwDab *dabs;
  double dx = 0;
  guint n;

  cwb_painting_set_size (painting, 0.1);
  cwb_painting_set_strength (painting, 0.5);
  stroke (painting, 0.2, 0.5, 0.7, 0.5);
  dabs = cwb_painting_get_dabs (painting, &n);
  g_assert_cmpuint (n, >=, 18);
  g_assert_cmpuint (n, <=, 20);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (dabs[i].kind, ==, CW_DAB_PUSH);
      g_assert_cmpfloat_with_epsilon (dabs[i].radius, 0.1f, 1e-6f);
      g_assert_cmpfloat_with_epsilon (dabs[i].dx, 0.0125f, 1e-4f);
      g_assert_cmpfloat (fabsf (dabs[i].dy), <, 1e-6f);
      dx += (double) dabs[i].dx;
    }
  g_assert_cmpfloat_with_epsilon (dx, 0.25, 0.02);

  /* One long motion is the same as many short ones. */
  cwb_painting_clear (painting);
  cwb_painting_begin (painting, 0.2, 0.5, 1);
  cwb_painting_move (painting, 0.7, 0.5, 1);
  cwb_painting_end (painting);
  g_assert_cmpuint (count (painting), >=, 19);
}

static void
test_brushes (void)
{
  static const struct
  {
    CwbBrush brush;
    CwDabKind kind;
    int sign;
  } brushes[] = { { CWB_BRUSH_PINCH, CW_DAB_PINCH, 1 }, { CWB_BRUSH_BLOAT, CW_DAB_PINCH, -1 },
                  { CWB_BRUSH_SWIRL, CW_DAB_SWIRL, 1 }, { CWB_BRUSH_SMOOTH, CW_DAB_SMOOTH, 1 } };
  g_autoptr (CwbPainting) painting = cwb_painting_new ();

  for (guint i = 0; i < G_N_ELEMENTS (brushes); i++)
    {
      const CwDab *dabs;
      guint n;

      cwb_painting_set_brush (painting, brushes[i].brush);
      cwb_painting_begin (painting, 0.5, 0.5, 1);
      cwb_painting_end (painting);
      cwb_painting_begin (painting, 0.5, 0.5, 0.5);
      cwb_painting_end (painting);
      dabs = cwb_painting_get_dabs (painting, &n);
      g_assert_cmpuint (n, ==, 2 * i + 2);
      g_assert_cmpint (dabs[n - 1].kind, ==, brushes[i].kind);
      g_assert_cmpfloat (dabs[n - 1].strength * (float) brushes[i].sign, >, 0);
      /* A lighter touch does less. */
      g_assert_cmpfloat_with_epsilon (dabs[n - 1].strength, 0.5f * dabs[n - 2].strength, 1e-4f);
    }
  /* A click does not push. */
  cwb_painting_set_brush (painting, CWB_BRUSH_PUSH);
  cwb_painting_begin (painting, 0.5, 0.5, 1);
  cwb_painting_end (painting);
  g_assert_cmpuint (count (painting), ==, 8);
}

static void
note_kept (CwbPainting *painting, guint kept, gpointer last)
{
  *(guint *) last = kept;
}

static void
test_history (void)
{
  g_autoptr (CwbPainting) painting = cwb_painting_new ();
  guint first, both, kept = 99;

  g_signal_connect (painting, "changed", G_CALLBACK (note_kept), &kept);
  g_assert_false (cwb_painting_can_undo (painting));
  stroke (painting, 0.2, 0.5, 0.7, 0.5);
  first = count (painting);
  stroke (painting, 0.5, 0.2, 0.5, 0.7);
  both = count (painting);
  g_assert_cmpuint (both, >, first);
  g_assert_cmpuint (kept, ==, both);

  cwb_painting_undo (painting);
  g_assert_cmpuint (count (painting), ==, first);
  g_assert_cmpuint (kept, ==, first);
  cwb_painting_redo (painting);
  g_assert_cmpuint (count (painting), ==, both);
  g_assert_cmpuint (kept, ==, first);
  g_assert_false (cwb_painting_can_redo (painting));

  cwb_painting_clear (painting);
  g_assert_cmpuint (count (painting), ==, 0);
  stroke (painting, 0.2, 0.5, 0.7, 0.5);
  g_assert_cmpuint (count (painting), ==, first);
  cwb_painting_undo (painting);
  cwb_painting_undo (painting); /* the clearing */
  g_assert_cmpuint (count (painting), ==, both);
  g_assert_cmpuint (kept, ==, 0);

  /* What is painted now takes the place of what was undone. */
  cwb_painting_undo (painting);
  stroke (painting, 0.2, 0.3, 0.3, 0.3);
  g_assert_false (cwb_painting_can_redo (painting));
  cwb_painting_undo (painting);
  cwb_painting_undo (painting);
  g_assert_false (cwb_painting_can_undo (painting));
  g_assert_cmpuint (count (painting), ==, 0);
}

/* The text has the very dabs; a bad one changes nothing. */
static void
test_text (void)
{
  g_autoptr (CwbPainting) painting = cwb_painting_new (), other = cwb_painting_new ();
  g_autofree char *text = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  const CwDab *a, *b;
  guint n, m;

  stroke (painting, 0.21, 0.53, 0.74, 0.38);
  cwb_painting_set_brush (painting, CWB_BRUSH_SWIRL);
  stroke (painting, 0.33, 0.77, 0.4, 0.8);
  text = cwb_painting_dup_text (painting);
  g_assert_true (cwb_painting_set_text (other, text, &error));
  g_assert_no_error (error);
  a = cwb_painting_get_dabs (painting, &n);
  b = cwb_painting_get_dabs (other, &m);
  g_assert_cmpmem (a, n * sizeof *a, b, m * sizeof *b);

  g_assert_false (cwb_painting_set_text (other, "push 1", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  again = cwb_painting_dup_text (other);
  g_assert_cmpstr (again, ==, text);
  cwb_painting_undo (other);
  g_assert_cmpuint (count (other), ==, 0);
}

/* Beyond the limit of an experiment nothing is added. */
static void
test_full (void)
{
  g_autoptr (CwbPainting) painting = cwb_painting_new ();
  g_autoptr (GArray) dabs = NULL;
  g_autofree char *text = NULL;

  cwb_painting_set_size (painting, 0);
  for (int i = 0; i < 8; i++)
    stroke (painting, 0, 0.1 * i, 1, 0.1 * i);
  g_assert_true (cwb_painting_is_full (painting));
  text = cwb_painting_dup_text (painting);
  dabs = cw_strokes_parse (text, NULL);
  g_assert_cmpuint (dabs->len, ==, CW_STROKES_MAX_DABS);
  cwb_painting_undo (painting);
  g_assert_false (cwb_painting_is_full (painting));
}

/* ---- saved warps ---- */

static void
test_names (void)
{
  const char *const bad[] = { "", "  ", "a/b", ".hidden", "two\nlines", " a", "\xff" };
  g_autofree char *long_name = g_strnfill (61, 'x');

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (cwb_warps_check_name (bad[i], &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
      g_assert_null (strchr (error->message, '\n'));
    }
  g_assert_false (cwb_warps_check_name (long_name, NULL));
  g_assert_true (cwb_warps_check_name (long_name + 1, NULL));
  g_assert_true (cwb_warps_check_name ("schiefes Lächeln 2", NULL));
}

static void
test_save (void)
{
  const char *const strokes = "push 0.3 0.8 0.15 -0.05 -0.05; swirl 0.6 0.4 0.2 0.5";
  g_auto (GStrv) none = cwb_warps_list (), names = NULL;
  g_autoptr (CwExperiment) experiment = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL, *path = cwb_warps_path ("b"), *text = NULL;

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_true (cwb_warps_save_strokes ("b", strokes, &error));
  g_assert_true (cwb_warps_save_strokes ("a", "pinch 0.5 0.5 0.3 0.5", &error));
  g_assert_true (cwb_warps_save_strokes ("a", strokes, &error));
  g_assert_no_error (error);
  names = cwb_warps_list ();
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "a");
  g_assert_cmpstr (names[1], ==, "b");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "[warp]\ntype=painted\n"));
  g_assert_null (strstr (text, "count"));

  experiment = cwb_warps_load ("a", &error);
  g_assert_no_error (error);
  value = cw_params_dup_string (
      cw_params_find (experiment->recipe->views->warp->base.params, "strokes"),
      experiment->recipe->views->warp_params);
  g_assert_cmpstr (value, ==, strokes);

  g_assert_false (cwb_warps_save_strokes ("c", "", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_clear_error (&error);
  g_assert_null (cwb_warps_load ("c", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  g_test_add_func ("/painting/push", test_push);
  g_test_add_func ("/painting/brushes", test_brushes);
  g_test_add_func ("/painting/history", test_history);
  g_test_add_func ("/painting/text", test_text);
  g_test_add_func ("/painting/full", test_full);
  g_test_add_func ("/painting/warps/names", test_names);
  g_test_add_func ("/painting/warps/save", test_save);
  return g_test_run ();
}
