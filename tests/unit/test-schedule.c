/* SPDX-License-Identifier: MIT */
#include "cw-test.h"
#include "learn/cw-schedule.h"

#include <math.h>

static void
test_lr (void)
{
  const guint64 total = 100, warmup = 10;
  double before = 0;

  /* Up without a wasted step, in equal strides, to 1 at the end of the warm-up ... */
  for (guint64 step = 0; step <= warmup; step++)
    {
      double lr = cw_schedule_lr (step, total, warmup);

      g_assert_cmpfloat_with_epsilon (lr - before, 1.0 / 11, 1e-12);
      before = lr;
    }
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (warmup, total, warmup), 1, 1e-12);
  /* ... and down along the cosine: half way 1/2, a third of the way 3/4, nothing at the end. */
  for (guint64 step = warmup + 1; step < total; step++)
    {
      double lr = cw_schedule_lr (step, total, warmup);

      g_assert_cmpfloat (lr, <, before);
      g_assert_cmpfloat (lr, >, 0);
      before = lr;
    }
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (55, total, warmup), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (40, total, warmup), 0.75, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (total, total, warmup), 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (total + 5, total, warmup), 0, 1e-12);

  /* No warm-up; a warm-up longer than the run never reaches the cosine. */
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (0, total, 0), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (4, 5, 9), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_lr (0, 1, 0), 1, 1e-12);
}

static void
test_ema (void)
{
  g_assert_cmpfloat_with_epsilon (cw_schedule_ema (0, 100, 0.99), 0.99, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_ema (50, 100, 0.99), 0.995, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_ema (100, 100, 0.99), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_ema (1000, 100, 0.99), 1, 1e-12);
  for (guint64 step = 1; step <= 100; step++)
    g_assert_cmpfloat (cw_schedule_ema (step, 100, 0.9), >, cw_schedule_ema (step - 1, 100, 0.9));
}

static void
test_cosine (void)
{
  /* From 3 at epoch 10 to 1 at epoch 100: half way and a third of the way. */
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (0, 100, 10, 3, 1), 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (10, 100, 10, 3, 1), 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (40, 100, 10, 3, 1), 2.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (55, 100, 10, 3, 1), 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (100, 100, 10, 3, 1), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (101, 100, 10, 3, 1), 1, 1e-12);
  /* A warm-up longer than the run never leaves the beginning; it may rise too. */
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (5, 5, 9, 3, 1), 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_cosine (50, 100, 0, 0, 4), 2, 1e-12);
}

static void
test_ramp_and_steps (void)
{
  g_assert_cmpfloat_with_epsilon (cw_schedule_ramp (0, 0), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_ramp (0, 2), 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_ramp (0.5, 2), 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_schedule_ramp (7, 2), 1, 1e-12);
  g_assert_cmpuint (cw_schedule_steps (20, 61), ==, 1220);
  g_assert_cmpuint (cw_schedule_steps (0.5, 61), ==, 30);
  g_assert_cmpuint (cw_schedule_steps (0, 61), ==, 0);
}

static void
test_table (void)
{
  CwScheduleParams params;
  g_autoptr (GError) error = NULL;

  cw_params_init (cw_schedule_specs, &params);
  g_assert_cmpfloat_with_epsilon (params.epochs, 20.0f, 1e-6f);
  g_assert_cmpint (params.batch, ==, 64);
  g_assert_cmpfloat_with_epsilon (params.warmup_epochs, 1.0f, 1e-6f);
  g_assert_cmpfloat_with_epsilon (params.ema_momentum, 0.99f, 1e-6f);
  g_assert_cmpfloat_with_epsilon (params.clip_norm, 0.0f, 1e-6f);
  g_assert_true (
      cw_params_set_string (cw_schedule_specs, &params, NULL, "warmup", "2.5", &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (params.warmup_epochs, 2.5f, 1e-6f);
  g_assert_false (cw_params_set_string (cw_schedule_specs, &params, NULL, "batch", "1", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/schedule/lr", test_lr);
  g_test_add_func ("/cw/schedule/ema", test_ema);
  g_test_add_func ("/cw/schedule/cosine", test_cosine);
  g_test_add_func ("/cw/schedule/ramp-and-steps", test_ramp_and_steps);
  g_test_add_func ("/cw/schedule/table", test_table);
  return g_test_run ();
}
