/* SPDX-License-Identifier: MIT */
#include "base/cw-parallel.h"
#include "contrawarp.h"
#include "cw-test.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-objective.h"

#include <math.h>
#include <string.h>

/* One evaluation: an objective, its parameters and embeddings to give it. */
typedef struct
{
  const CwObjectiveClass *objective;
  gpointer params;
  int n, n_negatives, dim;
  size_t rows, size, n_scratch; /* size: floats of online */
  float weight;
  float *online, *target, *scratch, *gradient;
} Case;

static Case *
case_new (const CwObjectiveClass *objective, const char *form, int n, int n_negatives, int dim,
          guint seed)
{
  Case *c = g_new0 (Case, 1);
  float *common;
  size_t view = (size_t) n * (size_t) dim;

  c->objective = objective;
  c->params = cw_params_block_new (objective->base.params, objective->base.params_size);
  if (form != NULL)
    g_assert_true (cw_params_set_string (objective->base.params, c->params, NULL, "negative", form,
                                         NULL));
  c->n = n;
  c->n_negatives = n_negatives;
  c->dim = dim;
  c->rows = (size_t) (2 + n_negatives) * (size_t) n;
  c->size = c->rows * (size_t) dim;
  c->weight = 0.7f;
  c->n_scratch = objective->scratch_size (c->params, n, n_negatives, dim);
  c->online = g_new (float, c->size);
  c->target = g_new (float, 2 * view);
  c->gradient = g_new (float, c->size);
  c->scratch = g_new (float, c->n_scratch);

  /* Views of an image resemble each other. */
  common = g_new (float, view);
  cw_test_fill_normal (common, view, 1, seed);
  cw_test_fill_normal (c->online, c->size, 0.8f, seed + 1);
  cw_test_fill_normal (c->target, 2 * view, 0.8f, seed + 2);
  for (size_t i = 0; i < c->size; i++)
    c->online[i] += common[i % view];
  for (size_t i = 0; i < 2 * view; i++)
    c->target[i] += common[i % view];
  g_free (common);
  return c;
}

static void
case_free (Case *c)
{
  cw_params_block_free (c->objective->base.params, c->params);
  g_free (c->online);
  g_free (c->target);
  g_free (c->scratch);
  g_free (c->gradient);
  g_free (c);
}

static CwObjectiveOutput
evaluate (Case *c, const float *online)
{
  CwObjectiveOutput output = { .d_online = c->gradient };
  CwObjectiveInput input = {
    .n = c->n,
    .n_negatives = c->n_negatives,
    .dim = c->dim,
    .online = online,
    .target = c->objective->needs_target ? c->target : NULL,
    .negative_weight = c->weight,
    .scratch = c->scratch,
  };

  memset (c->gradient, 0, c->size * sizeof (float));
  c->objective->evaluate (c->params, &input, &output);
  return output;
}

static double
loss_of (const float *online, gpointer user_data)
{
  return evaluate (user_data, online).loss;
}

/* Calls @func for every registered objective (plugins' too), form of the negative term and number
 * of negatives. */
static void
for_each_case (int n, int dim, void (*func) (Case *c, const char *what))
{
  g_autoptr (GPtrArray) list = cw_registry_list (CW_KIND_OBJECTIVE);

  g_assert_cmpuint (list->len, >=, 2);
  for (guint o = 0; o < list->len; o++)
    {
      const CwObjectiveClass *objective = list->pdata[o];
      gpointer block
          = cw_params_block_new (objective->base.params, objective->base.params_size);
      gboolean has_term = cw_objective_get_negative_term (objective, block) != NULL;

      cw_params_block_free (objective->base.params, block);
      for (int f = 0; f < (has_term ? 3 : 1); f++)
        {
          for (int k = 0; k <= (has_term ? 2 : 0); k++)
            {
              const char *form = has_term ? cw_negative_term_nicks[f] : NULL;
              g_autofree char *what
                  = g_strdup_printf ("%s %s K=%d", objective->base.id, form, k);
              Case *c = case_new (objective, form, n, k, dim, 100 * o + (guint) (10 * f + k));

              func (c, what);
              case_free (c);
            }
        }
    }
}

static void
check_gradient (Case *c, const char *what)
{
  g_autofree float *gradient = NULL;

  evaluate (c, c->online);
  gradient = g_memdup2 (c->gradient, c->size * sizeof (float));
  cw_test_gradient (what, loss_of, c, c->online, gradient, c->size, 24, 0.02, 2e-3);
}

static void
test_gradients (void)
{
  for_each_case (5, 7, check_gradient);
}

/* In the order of golden/objectives.py. */
static void
test_golden (void)
{
  const char *const objectives[] = { "simclr", "byol" };
  g_autofree float *golden = NULL;
  size_t size, at = 0;

  golden = cw_test_load_golden ("objectives.f32", &size);
  for (int o = 0; o < 2; o++)
    {
      const CwObjectiveClass *objective
          = (const CwObjectiveClass *) cw_registry_find (CW_KIND_OBJECTIVE, objectives[o], NULL);

      for (int f = 0; f < 3; f++)
        {
          for (int k = 0; k <= 2; k++)
            {
              Case *c = case_new (objective, cw_negative_term_nicks[f], 5, k, 7, 0);
              CwObjectiveOutput output;
              double base = 0, term = (double) NAN;
              const float *want;

              g_assert_cmpuint (at + 2 * c->size + 70 + 6, <=, size);
              memcpy (c->online, golden + at, c->size * sizeof (float));
              memcpy (c->target, golden + at + c->size, 70 * sizeof (float));
              want = golden + at + c->size + 70;
              output = evaluate (c, c->online);
              for (int t = 0; t < output.n_terms; t++)
                {
                  if (g_str_equal (output.terms[t].name, "negative"))
                    term = output.terms[t].value;
                  else
                    base += output.terms[t].value;
                }
              {
                const double got[] = { output.loss,         base,
                                       term,                output.cos_positive,
                                       output.cos_negative, output.notices };

                for (int i = 0; i < 6; i++)
                  {
                    g_assert_true (isnan (got[i]) == isnan (want[i]));
                    if (!isnan (got[i]))
                      g_assert_cmpfloat_with_epsilon (got[i], (double) want[i], 2e-6);
                  }
              }
              cw_test_assert_close (objectives[o], c->size, c->gradient, want + 6, 1e-6, 1e-5);
              at += 2 * c->size + 70 + 6;
              case_free (c);
            }
        }
    }
  g_assert_cmpuint (at, ==, size);
}

static void
check_permutation (Case *c, const char *what)
{
  const int order[] = { 3, 0, 4, 1, 2 };
  size_t row = (size_t) c->dim * sizeof (float), n_target = 2 * (size_t) c->n;
  g_autofree float *gradient = NULL;
  g_autofree float *online = g_memdup2 (c->online, c->rows * row);
  g_autofree float *target = g_memdup2 (c->target, n_target * row);
  g_autofree float *expected = g_new (float, c->size);
  CwObjectiveOutput before, after;

  before = evaluate (c, c->online);
  gradient = g_memdup2 (c->gradient, c->rows * row);
  for (size_t r = 0; r < c->rows; r++)
    {
      size_t from = r / (size_t) c->n * (size_t) c->n + (size_t) order[r % (size_t) c->n];

      memcpy (c->online + r * (size_t) c->dim, online + from * (size_t) c->dim, row);
      memcpy (expected + r * (size_t) c->dim, gradient + from * (size_t) c->dim, row);
      if (r < n_target)
        memcpy (c->target + r * (size_t) c->dim, target + from * (size_t) c->dim, row);
    }
  after = evaluate (c, c->online);
  g_assert_cmpfloat_with_epsilon (before.loss, after.loss, 1e-6);
  g_assert_cmpfloat_with_epsilon (before.cos_positive, after.cos_positive, 1e-9);
  if (c->n_negatives > 0)
    {
      g_assert_cmpfloat_with_epsilon (before.cos_negative, after.cos_negative, 1e-9);
      g_assert_cmpfloat_with_epsilon (before.notices, after.notices, 1e-9);
    }
  cw_test_assert_close (what, c->size, c->gradient, expected, 1e-6, 1e-5);
}

/* The order of the images in the batch means nothing. */
static void
test_permutation (void)
{
  for_each_case (5, 7, check_permutation);
}

/* What any objective owes the trainer. */
static void
check_contract (Case *c, const char *what)
{
  CwObjectiveOutput first, again;
  g_autofree float *gradient = NULL;
  double sum = 0;

  memset (c->scratch, 0, c->n_scratch * sizeof (float));
  cw_parallel_set_threads (1);
  first = evaluate (c, c->online);
  gradient = g_memdup2 (c->gradient, c->size * sizeof (float));
  g_assert_true (isfinite (first.loss));
  g_assert_cmpint (first.n_terms, <=, CW_MAX_TERMS);
  for (int t = 0; t < first.n_terms; t++)
    {
      gboolean negative = g_str_equal (first.terms[t].name, "negative");

      sum += first.terms[t].value * (negative ? (double) c->weight : 1);
    }
  g_assert_cmpfloat_with_epsilon (first.loss, sum, 1e-6 * (1 + fabs (sum)));
  g_assert_cmpfloat (fabs (first.cos_positive), <=, 1 + 1e-6);
  g_assert_true (isnan (first.cos_negative) == (c->n_negatives == 0));
  g_assert_true (isnan (first.notices) == (c->n_negatives == 0));
  if (c->n_negatives > 0)
    {
      g_assert_cmpfloat (fabs (first.cos_negative), <=, 1 + 1e-6);
      g_assert_cmpfloat (first.notices, >=, 0);
      g_assert_cmpfloat (first.notices, <=, 1);
    }

  /* Neither what is in the scratch nor the number of threads changes a bit. */
  for (size_t i = 0; i < c->n_scratch; i++)
    c->scratch[i] = NAN;
  cw_parallel_set_threads (3);
  again = evaluate (c, c->online);
  cw_parallel_set_threads (0);
  g_assert_true (memcmp (&again.loss, &first.loss, sizeof (double)) == 0);
  g_assert_cmpmem (c->gradient, c->size * sizeof (float), gradient, c->size * sizeof (float));

  /* An embedding without direction, and what is not finite, which must not be hidden. */
  memset (c->online, 0, (size_t) c->dim * sizeof (float));
  g_assert_true (isfinite (evaluate (c, c->online).loss));
  for (size_t i = 0; i < c->size; i++)
    g_assert_true (isfinite (c->gradient[i]));
  c->online[0] = NAN;
  g_assert_false (isfinite (evaluate (c, c->online).loss));
  c->online[0] = INFINITY;
  g_assert_false (isfinite (evaluate (c, c->online).loss));
  c->online[0] = 0;
  c->online[c->size - 1] = NAN;
  if (c->n_negatives == 0 || g_str_equal (first.terms[first.n_terms - 1].name, "negative"))
    g_assert_false (isfinite (evaluate (c, c->online).loss));
}

static void
test_contract (void)
{
  for_each_case (5, 7, check_contract);
  for_each_case (2, 3, check_contract);
  for_each_case (37, 32, check_contract);
}

/* The built-in ones compare directions: a row's length means nothing. */
static void
check_scale (Case *c, const char *what)
{
  double before = evaluate (c, c->online).loss;

  for (size_t r = 0; r < c->rows; r++)
    {
      for (int j = 0; j < c->dim; j++)
        c->online[r * (size_t) c->dim + (size_t) j] *= 0.25f + (float) r;
    }
  if (cw_registry_get_source (&c->objective->base) == NULL
      || g_str_equal (cw_registry_get_source (&c->objective->base), "built-in"))
    g_assert_cmpfloat_with_epsilon (before, evaluate (c, c->online).loss, 2e-6);
}

static void
test_scale (void)
{
  for_each_case (5, 7, check_scale);
}

static CwObjectiveOutput
evaluate_term (int form, float positive, float negative, float cosines[2])
{
  CwNegativeTermParams params = { form, 1, 0.3f, 0.2f, 0 };
  CwObjectiveOutput output = { 0 };

  cosines[0] = positive;
  cosines[1] = negative;
  cw_negative_term_evaluate (&params, 2, 1, 1, cosines, &output);
  return output;
}

/* By hand: where the hinge is satisfied, at which slope it is not, and the softplus. */
static void
test_negative_term (void)
{
  CwObjectiveOutput output;
  float slopes[2];

  output = evaluate_term (CW_NEGATIVE_HINGE, 0.9f, 0.5f, slopes);
  g_assert_cmpfloat_with_epsilon (output.loss, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (slopes[0], 0.0f, 1e-9f);
  g_assert_cmpfloat_with_epsilon (slopes[1], 0.0f, 1e-9f);
  g_assert_cmpfloat_with_epsilon (output.notices, 1, 1e-9);

  output = evaluate_term (CW_NEGATIVE_HINGE, 0.5f, 0.7f, slopes);
  g_assert_cmpfloat_with_epsilon (output.terms[0].value, 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (output.loss, 1.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (slopes[0], -2.0f, 1e-6f);
  g_assert_cmpfloat_with_epsilon (slopes[1], 2.0f, 1e-6f);
  g_assert_cmpfloat_with_epsilon (output.notices, 0, 1e-9);

  output = evaluate_term (CW_NEGATIVE_NCE, 0.5f, 0.7f, slopes);
  g_assert_cmpfloat_with_epsilon (output.terms[0].value, log1p (exp (1)), 1e-6);
  g_assert_cmpfloat_with_epsilon (slopes[1], (float) (10 / (1 + exp (-1))), 1e-5f);
  g_assert_cmpfloat_with_epsilon (slopes[0], -slopes[1], 1e-6f);
  g_assert_cmpfloat_with_epsilon (output.cos_positive, 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (output.cos_negative, 0.7, 1e-6);

  output = evaluate_term (CW_NEGATIVE_NONE, 0.5f, 0.7f, slopes);
  g_assert_cmpint (output.n_terms, ==, 0);
  g_assert_cmpfloat_with_epsilon (slopes[0], 0.0f, 1e-9f);
  g_assert_cmpfloat_with_epsilon (output.cos_negative, 0.7, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  g_test_add_func ("/cw/objectives/gradients", test_gradients);
  g_test_add_func ("/cw/objectives/golden", test_golden);
  g_test_add_func ("/cw/objectives/permutation", test_permutation);
  g_test_add_func ("/cw/objectives/contract", test_contract);
  g_test_add_func ("/cw/objectives/scale", test_scale);
  g_test_add_func ("/cw/objectives/negative-term", test_negative_term);
  return g_test_run ();
}
