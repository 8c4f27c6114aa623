/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "eval/cw-evaluator.h"
#include "eval/cw-lbfgs.h"
#include "eval/cw-linear.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const float *p;
} Golden;

static int
next_int (Golden *golden)
{
  return (int) *golden->p++;
}

static const float *
next_floats (Golden *golden, int n)
{
  golden->p += n;
  return golden->p - n;
}

static CwFeatures *
make_features (guint n, int dim, const float *x, const float *labels)
{
  CwFeatures *features = cw_features_new (n, dim);

  memcpy (features->x, x, n * (gsize) dim * sizeof *x);
  for (guint i = 0; i < n; i++)
    {
      features->labels[i] = labels != NULL ? (int) labels[i] : 0;
      features->items[i] = i;
      features->hashes[i] = 1000 + i;
    }
  return features;
}

/* Weights, biases, answers and probabilities of scikit-learn at the same regularisation. */
static void
test_golden (void)
{
  size_t size;
  g_autofree float *data = cw_test_load_golden ("linear.bin", &size);
  Golden golden = { data };
  int n = next_int (&golden), m = next_int (&golden), dim = next_int (&golden);
  int k = next_int (&golden), n_l2 = next_int (&golden);
  const float *x = next_floats (&golden, n * dim), *labels = next_floats (&golden, n);
  const float *score = next_floats (&golden, m * dim), *classes = next_floats (&golden, k);
  g_autoptr (CwFeatures) features = make_features ((guint) n, dim, x, labels);
  g_autofree int *answers = g_new (int, m);

  for (int l = 0; l < n_l2; l++)
    {
      g_autoptr (GError) error = NULL;
      double l2 = (double) *next_floats (&golden, 1);
      const float *weights = next_floats (&golden, dim * k), *bias = next_floats (&golden, k);
      const float *want = next_floats (&golden, m), *p = next_floats (&golden, m * k);
      g_autoptr (CwLinear) linear = cw_linear_fit (features, l2, 1000, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (linear->converged);
      g_assert_cmpint (linear->n_classes, ==, k);
      for (int c = 0; c < k; c++)
        g_assert_cmpint (linear->classes[c], ==, (int) classes[c]);
      /* The gradient stops at 1e-5; where the minimum is flat, weights are known to some 1e-3. */
      cw_test_assert_close ("weights", (size_t) (dim * k), linear->weights, weights, 3e-3, 3e-3);
      cw_test_assert_close ("bias", (size_t) k, linear->bias, bias, 3e-3, 3e-3);
      g_assert_true (cw_linear_predict (linear, score, (guint) m, answers, &error));
      for (int i = 0; i < m; i++)
        {
          const float *row = p + i * k;
          float best = 0, second = 0;

          for (int c = 0; c < k; c++)
            {
              second = MAX (second, MIN (row[c], best));
              best = MAX (best, row[c]);
            }
          if (best - second > 2e-3f)
            g_assert_cmpint (answers[i], ==, (int) want[i]);
        }
    }
  g_assert_cmpuint ((size_t) (golden.p - data), ==, size);
}

/* Rosenbrock's valley, in pairs. */
static double
rosenbrock (const double *x, double *gradient, gpointer user_data)
{
  double value = 0;

  for (int i = 0; i < 10; i += 2)
    {
      double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];

      value += 100 * a * a + b * b;
      gradient[i] = -400 * a * x[i] - 2 * b;
      gradient[i + 1] = 200 * a;
    }
  return value;
}

/* Curvatures from 1 to 1e8. */
static double
stretched (const double *x, double *gradient, gpointer user_data)
{
  double value = 0;

  for (int i = 0; i < 9; i++)
    {
      double h = pow (10, i);

      gradient[i] = h * (x[i] - i);
      value += 0.5 * h * (x[i] - i) * (x[i] - i);
    }
  return value;
}

static void
flatten (double *direction, gpointer user_data)
{
  for (int i = 0; i < 9; i++)
    direction[i] /= pow (10, i) * (1 + 0.1 * i);
}

static void
test_lbfgs (void)
{
  CwLbfgsOptions options = { .max_iterations = 500, .tolerance = 1e-8 };
  CwLbfgsResult result, helped;
  double x[10] = { -1.2, 1, 0, 0, 3, -2, 1.5, 0, -0.5, 2 }, y[9] = { 0 }, z[9] = { 0 };

  g_assert_true (cw_lbfgs_minimise (10, x, rosenbrock, NULL, NULL, &options, &result, NULL, NULL));
  g_assert_true (result.converged);
  for (int i = 0; i < 10; i++)
    g_assert_cmpfloat_with_epsilon (x[i], 1, 1e-6);

  options.tolerance = 1e-6;
  g_assert_true (cw_lbfgs_minimise (9, y, stretched, NULL, NULL, &options, &result, NULL, NULL));
  g_assert_true (cw_lbfgs_minimise (9, z, stretched, flatten, NULL, &options, &helped, NULL, NULL));
  g_assert_true (helped.converged);
  for (int i = 0; i < 9; i++)
    g_assert_cmpfloat_with_epsilon (z[i], i, 1e-5);
  g_assert_cmpint (helped.iterations, <, 25);
  g_assert_cmpint (helped.iterations, <, result.iterations);
}

/* @signal: distance of the classes along the first dimensions; noise of deviation 1 all over. */
static CwFeatures *
make_classes (guint n, int dim, int n_classes, float signal, guint seed)
{
  CwFeatures *features = cw_features_new (n, dim);

  cw_test_fill_normal (features->x, n * (gsize) dim, 1.0f, seed);
  for (guint i = 0; i < n; i++)
    {
      features->labels[i] = (int) (i % (guint) n_classes);
      features->items[i] = i;
      features->hashes[i] = 1000 * (guint64) seed + i;
      features->x[i * (gsize) dim + i % (guint) n_classes] += signal;
    }
  return features;
}

static double
accuracy_of (const CwLinear *linear, const CwFeatures *features)
{
  g_autofree int *answers = g_new (int, features->n);
  guint right = 0;

  g_assert_true (cw_linear_predict (linear, features->x, features->n, answers, NULL));
  for (guint i = 0; i < features->n; i++)
    right += answers[i] == features->labels[i];
  return (double) right / features->n;
}

/* The strength is chosen by what is held out: strong where there is nothing to learn, weak where
 * there is. */
static void
test_choice (void)
{
  g_autoptr (CwFeatures) noise = make_classes (300, 60, 4, 0.0f, 1);
  g_autoptr (CwFeatures) clear = make_classes (300, 60, 4, 4.0f, 2);
  g_autoptr (CwFeatures) more = make_classes (500, 60, 4, 4.0f, 3);
  g_autoptr (CwFeatures) more_noise = make_classes (2000, 60, 4, 0.0f, 4);
  g_autoptr (CwLinear) from_noise = cw_linear_fit_best (noise, 1, 500, NULL, NULL);
  g_autoptr (CwLinear) from_clear = cw_linear_fit_best (clear, 1, 500, NULL, NULL);

  g_assert_cmpfloat (from_noise->l2, >=, 0.3);
  g_assert_cmpfloat (from_clear->l2, <=, 0.1);
  g_assert_cmpfloat (accuracy_of (from_clear, more), >, 0.95);
  g_assert_cmpfloat (fabs (accuracy_of (from_noise, more_noise) - 0.25), <, 0.04);
}

/* Each person has one class and a code of its own that tells it; across persons only a weak signal
 * holds. Held out by rows the code looks good, held out by persons it does not. */
static void
test_choice_by_subject (void)
{
  const int n_subjects = 40, each = 8, dim = 44;
  g_autoptr (CwFeatures) features = cw_features_new ((guint) (n_subjects * each), dim);
  g_autoptr (CwLinear) by_subject = NULL;
  g_autoptr (CwLinear) by_row = NULL;
  g_autoptr (CwLinear) few_known = NULL;
  g_autoptr (CwLinear) by_source = NULL;

  cw_test_fill_normal (features->x, (gsize) (n_subjects * each * dim), 0.3f, 9);
  for (int i = 0; i < n_subjects * each; i++)
    {
      int subject = i / each;

      features->subjects[i] = subject;
      features->labels[i] = subject % 2;
      features->x[i * dim + subject] += 3.0f;
      features->x[i * dim + 40] += subject % 2 ? 0.1f : -0.1f;
    }
  by_subject = cw_linear_fit_best (features, 1, 500, NULL, NULL);
  for (guint i = 0; i < features->n; i++)
    features->subjects[i] = -1;
  by_row = cw_linear_fit_best (features, 1, 500, NULL, NULL);
  g_assert_cmpfloat (by_subject->l2, >, 3 * by_row->l2);
  /* A few known persons are no reason to hold out nobody else. */
  features->subjects[0] = 0;
  features->subjects[n_subjects * each - 1] = 1;
  few_known = cw_linear_fit_best (features, 1, 500, NULL, NULL);
  g_assert_cmpfloat (few_known->l2, ==, by_row->l2);
  /* Recordings tell as much as persons. */
  for (int i = 0; i < n_subjects * each; i++)
    {
      features->subjects[i] = -1;
      features->sources[i] = i / each;
    }
  by_source = cw_linear_fit_best (features, 1, 500, NULL, NULL);
  g_assert_cmpfloat (by_source->l2, >, 3 * by_row->l2);
}

static void
test_threads (void)
{
  g_autoptr (CwFeatures) features = make_classes (3000, 80, 5, 1.0f, 5);
  g_autoptr (CwLinear) one = NULL;
  g_autoptr (CwLinear) many = NULL;

  cw_parallel_set_threads (1);
  one = cw_linear_fit_best (features, 7, 500, NULL, NULL);
  cw_parallel_set_threads (4);
  many = cw_linear_fit_best (features, 7, 500, NULL, NULL);
  cw_parallel_set_threads (0);
  g_assert_cmpfloat (one->l2, ==, many->l2);
  g_assert_cmpmem (one->weights, 80 * 5 * sizeof (float), many->weights, 80 * 5 * sizeof (float));
}

/* Only one class; a feature that never changes; one that is not finite; a width beyond the
 * preconditioner. */
static void
test_edges (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwFeatures) features = make_classes (40, 5, 4, 3.0f, 6);
  g_autoptr (CwFeatures) wide = make_classes (60, 1600, 3, 30.0f, 7);
  g_autoptr (CwFeatures) few = make_classes (1, 5, 1, 0.0f, 8);
  g_autoptr (CwLinear) same = NULL;
  g_autoptr (CwLinear) linear = NULL;
  g_autoptr (CwLinear) from_wide = NULL;
  g_autoptr (CwLinear) from_few = NULL;

  from_wide = cw_linear_fit_best (wide, 1, 500, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (accuracy_of (from_wide, wide), ==, 1);
  from_few = cw_linear_fit_best (few, 1, 500, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (accuracy_of (from_few, few), ==, 1);

  for (guint i = 0; i < features->n; i++)
    features->x[i * 5 + 4] = 1.0f / 3;
  linear = cw_linear_fit_best (features, 1, 500, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (accuracy_of (linear, features), >, 0.9);
  for (guint i = 0; i < features->n; i++)
    features->labels[i] = 3;
  same = cw_linear_fit (features, 0.1, 500, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (same->n_classes, ==, 1);
  g_assert_cmpfloat (accuracy_of (same, features), ==, 1);

  features->x[17 * 5 + 2] = NAN;
  g_assert_null (cw_linear_fit (features, 0.1, 500, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_DIVERGED);
  g_assert_nonnull (strstr (error->message, "row 17"));
}

static void
test_cancel (void)
{
  g_autoptr (CwFeatures) features = make_classes (400, 20, 4, 1.0f, 8);
  g_autoptr (CwJob) job = cw_job_new (NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  cw_job_cancel (job);
  g_assert_null (cw_linear_fit (features, 0.1, 500, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/linear/lbfgs", test_lbfgs);
  g_test_add_func ("/cw/linear/golden", test_golden);
  g_test_add_func ("/cw/linear/choice", test_choice);
  g_test_add_func ("/cw/linear/choice-by-subject", test_choice_by_subject);
  g_test_add_func ("/cw/linear/threads", test_threads);
  g_test_add_func ("/cw/linear/edges", test_edges);
  g_test_add_func ("/cw/linear/cancel", test_cancel);
  return g_test_run ();
}
