/* SPDX-License-Identifier: MIT */
#include "base/cw-parallel.h"
#include "contrawarp.h"
#include "cw-test.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-objective.h"

#include <math.h>
#include <string.h>

/* How the warp negatives are used; NULL where the objective's table has no such key. */
typedef struct
{
  const char *form, *branch, *pick, *space;
} Settings;

/* One evaluation: an objective, its parameters and embeddings to give it. */
typedef struct
{
  const CwObjectiveClass *objective;
  gpointer params;
  int n, n_negatives, dim;
  size_t rows, size, n_scratch, n_state; /* size: floats of online, and of target */
  float weight;
  float *online, *target, *scratch, *gradient;
  float *begin, *state; /* before and after an evaluation */
  int *labels;
} Case;

static void
set (Case *c, const char *id, const char *text)
{
  const CwParamSpec *specs = c->objective->base.params;
  g_autoptr (GError) error = NULL;

  if (text == NULL || cw_params_find (specs, id) == NULL)
    return;
  cw_params_set_string (specs, c->params, NULL, id, text, &error);
  g_assert_no_error (error);
}

static void
make_state (Case *c, guint seed)
{
  const CwObjectiveClass *objective = c->objective;

  c->n_state = objective->state_size != NULL ? objective->state_size (c->params, c->dim) : 0;
  c->begin = g_new (float, c->n_state);
  c->state = g_new (float, c->n_state);
  if (c->n_state > 0)
    objective->init_state (c->params, c->dim, seed, c->begin);
}

static Case *
case_new (const CwObjectiveClass *objective, const Settings *settings, int n, int n_negatives,
          int dim, guint seed)
{
  Case *c = g_new0 (Case, 1);
  float *common;
  size_t view = (size_t) n * (size_t) dim;

  c->objective = objective;
  c->params = cw_params_block_new (objective->base.params, objective->base.params_size);
  set (c, "negative", settings->form);
  set (c, "negative-branch", settings->branch);
  set (c, "negative-pick", settings->pick);
  set (c, "negative-space", settings->space);
  set (c, "queue", "6");
  set (c, "smoothing", "0.1");
  c->n = n;
  c->n_negatives = n_negatives;
  c->dim = dim;
  c->rows = (size_t) (2 + n_negatives) * (size_t) n;
  c->size = c->rows * (size_t) dim;
  c->weight = 0.7f;
  c->n_scratch = objective->scratch_size (c->params, n, n_negatives, dim);
  c->online = g_new (float, c->size);
  c->target = g_new (float, c->size);
  c->gradient = g_new (float, c->size);
  c->scratch = g_new (float, c->n_scratch);
  c->labels = g_new (int, n);
  make_state (c, seed);
  for (int i = 0; i < n; i++)
    c->labels[i] = n > 2 && i == 1 ? -1 : i % dim;

  /* Views of an image resemble each other. */
  common = g_new (float, view);
  cw_test_fill_normal (common, view, 1, seed);
  cw_test_fill_normal (c->online, c->size, 0.8f, seed + 1);
  cw_test_fill_normal (c->target, c->size, 0.8f, seed + 2);
  for (size_t i = 0; i < c->size; i++)
    {
      c->online[i] += common[i % view];
      c->target[i] += common[i % view];
    }
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
  g_free (c->begin);
  g_free (c->state);
  g_free (c->labels);
  g_free (c);
}

/* A momentum target gives what it was asked for and not a row more. */
static gboolean
target_sees_negatives (const Case *c)
{
  return c->objective->target == CW_TARGET_SELF
         || (c->objective->target_negatives != NULL
             && c->objective->target_negatives (c->params));
}

static CwObjectiveOutput
evaluate (Case *c, const float *online)
{
  size_t views = 2 * (size_t) c->n * (size_t) c->dim;
  CwObjectiveOutput output = { .d_online = c->gradient };
  g_autofree float *target
      = g_memdup2 (c->target, (target_sees_negatives (c) ? c->size : views) * sizeof (float));
  CwObjectiveInput input = {
    .n = c->n,
    .n_negatives = c->n_negatives,
    .dim = c->dim,
    .online = online,
    .target = c->objective->target != CW_TARGET_NONE ? target : NULL,
    .labels = c->objective->needs_labels ? c->labels : NULL,
    .negative_weight = c->weight,
    .state = c->n_state > 0 ? c->state : NULL,
    .scratch = c->scratch,
  };

  memset (c->gradient, 0, c->size * sizeof (float));
  if (c->n_state > 0)
    memcpy (c->state, c->begin, c->n_state * sizeof (float));
  c->objective->evaluate (c->params, &input, &output);
  return output;
}

static double
loss_of (const float *online, gpointer user_data)
{
  return evaluate (user_data, online).loss;
}

typedef void (*CaseFunc) (Case *c, const char *what);

static void
run_case (const CwObjectiveClass *objective, const Settings *settings, int n, int n_negatives,
          int dim, guint seed, CaseFunc func)
{
  g_autofree char *what = g_strdup_printf ("%s %s %s %s K=%d", objective->base.id, settings->form,
                                           settings->branch, settings->pick, n_negatives);
  Case *c = case_new (objective, settings, n, n_negatives, dim, seed);

  func (c, what);
  case_free (c);
}

/* Every form, branch and pick of the negative term that makes a difference, for 0 to 2 negatives. */
static void
for_each_negative (const CwObjectiveClass *objective, int n, int dim, guint seed, CaseFunc func)
{
  gboolean has_branch = cw_params_find (objective->base.params, "negative-branch") != NULL;

  for (int k = 0; k <= 2; k++)
    {
      for (int f = 0; cw_negative_form_nicks[f] != NULL; f++)
        {
          for (int b = 0; b < (has_branch && f > 0 && k > 0 ? 3 : 1); b++)
            {
              for (int p = 0; p < (f > 0 && k > 1 ? 2 : 1); p++)
                {
                  const Settings settings = { cw_negative_form_nicks[f],
                                              has_branch ? cw_negative_branch_nicks[b] : NULL,
                                              cw_negative_pick_nicks[p], NULL };

                  run_case (objective, &settings, n, k, dim, seed + (guint) (10 * f + k), func);
                }
            }
        }
    }
}

/* The negative term in a space of its own. */
static void
for_each_own_space (const CwObjectiveClass *objective, int n, int dim, guint seed, CaseFunc func)
{
  if (cw_params_find (objective->base.params, "negative-space") == NULL)
    return;
  for (int f = 0; cw_negative_form_nicks[f] != NULL; f++)
    {
      const Settings settings = { cw_negative_form_nicks[f], "both", "all", "own" };

      for (int k = 0; k <= 2; k++)
        run_case (objective, &settings, n, k, dim, seed + (guint) (10 * f + k), func);
    }
}

/* Calls @func for every registered objective (plugins' too) and all of for_each_negative(). */
static void
for_each_case (int n, int dim, CaseFunc func)
{
  g_autoptr (GPtrArray) list = cw_registry_list (CW_KIND_OBJECTIVE);

  g_assert_cmpuint (list->len, >=, 7);
  for (guint o = 0; o < list->len; o++)
    {
      const CwObjectiveClass *objective = list->pdata[o];
      const Settings none = { NULL };
      gpointer block
          = cw_params_block_new (objective->base.params, objective->base.params_size);

      if (cw_objective_get_negative_term (objective, block) != NULL)
        {
          for_each_negative (objective, n, dim, 100 * o, func);
          for_each_own_space (objective, n, dim, 100 * o, func);
        }
      else
        run_case (objective, &none, n, 0, dim, 100 * o, func);
      cw_params_block_free (objective->base.params, block);
    }
}

static void
check_gradient (Case *c, const char *what)
{
  g_autofree float *gradient = NULL;

  evaluate (c, c->online);
  gradient = g_memdup2 (c->gradient, c->size * sizeof (float));
  cw_test_gradient (what, loss_of, c, c->online, gradient, c->size, 24, 0.002, 2e-3);
}

static void
test_gradients (void)
{
  for_each_case (5, 7, check_gradient);
}

/* golden/objectives.f32: what is given to all cases, and where the next case begins. */
typedef struct
{
  float *values;
  size_t size, at;
  const float *online, *target, *queue, *labels;
} Golden;

#define GOLDEN_N 5
#define GOLDEN_DIM 7
#define GOLDEN_QUEUE 6

static void
load_golden (Golden *g)
{
  const size_t embeddings = 4 * GOLDEN_N * GOLDEN_DIM;

  g->values = cw_test_load_golden ("objectives.f32", &g->size);
  g->online = g->values;
  g->target = g->online + embeddings;
  g->queue = g->target + embeddings;
  g->labels = g->queue + GOLDEN_QUEUE * GOLDEN_DIM;
  g->at = 2 * embeddings + GOLDEN_QUEUE * GOLDEN_DIM + GOLDEN_N;
}

/* The six numbers of an output, NaN where there is none. */
static void
check_numbers (const CwObjectiveOutput *output, const float *want)
{
  double base = 0, term = (double) NAN;

  for (int t = 0; t < output->n_terms; t++)
    {
      if (g_str_equal (output->terms[t].name, "negative"))
        term = output->terms[t].value;
      else
        base += output->terms[t].value;
    }
  {
    const double got[] = { output->loss,         base,
                           term,                 output->cos_positive,
                           output->cos_negative, output->notices };

    for (int i = 0; i < 6; i++)
      {
        g_assert_true (isnan (got[i]) == isnan (want[i]));
        if (!isnan (got[i]))
          g_assert_cmpfloat_with_epsilon (got[i], (double) want[i],
                                          2e-6 * (1 + fabs ((double) want[i])));
      }
  }
}

static void
check_golden (Golden *g, const char *id, const Settings *settings, int n_negatives)
{
  const CwObjectiveClass *objective
      = (const CwObjectiveClass *) cw_registry_find (CW_KIND_OBJECTIVE, id, NULL);
  Case *c = case_new (objective, settings, GOLDEN_N, n_negatives, GOLDEN_DIM, 0);
  g_autofree char *what = g_strdup_printf ("%s %s %s %s K=%d", id, settings->form,
                                           settings->branch, settings->pick, n_negatives);
  const float *want = g->values + g->at;
  CwObjectiveOutput output;

  g_test_message ("%s", what);
  g_assert_cmpuint (g->at + 6 + c->size, <=, g->size);
  memcpy (c->online, g->online, c->size * sizeof (float));
  memcpy (c->target, g->target, c->size * sizeof (float));
  if (c->n_state > 0)
    memcpy (c->begin, g->queue, GOLDEN_QUEUE * GOLDEN_DIM * sizeof (float));
  for (int i = 0; i < GOLDEN_N; i++)
    c->labels[i] = (int) g->labels[i];
  output = evaluate (c, c->online);
  check_numbers (&output, want);
  cw_test_assert_close (what, c->size, c->gradient, want + 6, 2e-6, 1e-5);
  g->at += 6 + c->size;
  case_free (c);
}

/* In the order of cases() of golden/objectives.py. */
static void
check_golden_negatives (Golden *g, const char *id, gboolean has_branch)
{
  const Settings none = { .form = "none" };

  for (int k = 0; k <= 2; k++)
    check_golden (g, id, &none, k);
  for (int f = 1; cw_negative_form_nicks[f] != NULL; f++)
    {
      for (int b = 0; b < (has_branch ? 3 : 1); b++)
        {
          Settings settings = { cw_negative_form_nicks[f],
                                has_branch ? cw_negative_branch_nicks[b] : NULL, "all" };

          check_golden (g, id, &settings, 1);
          check_golden (g, id, &settings, 2);
          settings.pick = "hardest";
          check_golden (g, id, &settings, 2);
        }
    }
}

static void
test_golden (void)
{
  const Settings none = { NULL };
  Golden golden;

  load_golden (&golden);
  check_golden_negatives (&golden, "simclr", FALSE);
  check_golden_negatives (&golden, "byol", TRUE);
  check_golden_negatives (&golden, "moco", TRUE);
  check_golden_negatives (&golden, "simsiam", TRUE);
  check_golden_negatives (&golden, "vicreg", FALSE);
  check_golden_negatives (&golden, "barlow-twins", FALSE);
  check_golden (&golden, "supervised", &none, 0);
  for (int f = CW_NEGATIVE_TRIPLET; f <= CW_NEGATIVE_NCE_BATCH; f++)
    {
      Settings own = { cw_negative_form_nicks[f], NULL, "all", "own" };

      check_golden (&golden, "simclr", &own, 2);
      own.branch = "both";
      check_golden (&golden, "byol", &own, 2);
    }
  g_assert_cmpuint (golden.at, ==, golden.size);
  g_free (golden.values);
}

static void
check_permutation (Case *c, const char *what)
{
  const int order[] = { 3, 0, 4, 1, 2 };
  size_t row = (size_t) c->dim * sizeof (float);
  g_autofree float *gradient = NULL;
  g_autofree float *online = g_memdup2 (c->online, c->rows * row);
  g_autofree float *target = g_memdup2 (c->target, c->rows * row);
  g_autofree int *labels = g_memdup2 (c->labels, (size_t) c->n * sizeof (int));
  g_autofree float *expected = g_new (float, c->size);
  CwObjectiveOutput before, after;

  before = evaluate (c, c->online);
  gradient = g_memdup2 (c->gradient, c->rows * row);
  for (size_t r = 0; r < c->rows; r++)
    {
      size_t from = r / (size_t) c->n * (size_t) c->n + (size_t) order[r % (size_t) c->n];

      memcpy (c->online + r * (size_t) c->dim, online + from * (size_t) c->dim, row);
      memcpy (expected + r * (size_t) c->dim, gradient + from * (size_t) c->dim, row);
      memcpy (c->target + r * (size_t) c->dim, target + from * (size_t) c->dim, row);
      if (r < (size_t) c->n)
        c->labels[r] = labels[order[r]];
    }
  after = evaluate (c, c->online);
  g_assert_cmpfloat_with_epsilon (before.loss, after.loss, 1e-6 * (1 + fabs (before.loss)));
  g_assert_cmpfloat_with_epsilon (before.cos_positive, after.cos_positive, 1e-9);
  if (c->n_negatives > 0)
    {
      g_assert_cmpfloat_with_epsilon (before.cos_negative, after.cos_negative, 1e-9);
      g_assert_cmpfloat_with_epsilon (before.notices, after.notices, 1e-9);
    }
  cw_test_assert_close (what, c->size, c->gradient, expected, 2e-6, 1e-5);
}

/* The order of the images in the batch means nothing. */
static void
test_permutation (void)
{
  for_each_case (5, 7, check_permutation);
}

/* What an evaluation says of itself. */
static void
check_output (const Case *c, const CwObjectiveOutput *output)
{
  double sum = 0;

  g_assert_true (isfinite (output->loss));
  g_assert_cmpint (output->n_terms, <=, CW_MAX_TERMS);
  for (int t = 0; t < output->n_terms; t++)
    {
      gboolean negative = g_str_equal (output->terms[t].name, "negative");

      sum += output->terms[t].value * (negative ? (double) c->weight : 1);
    }
  g_assert_cmpfloat_with_epsilon (output->loss, sum, 1e-6 * (1 + fabs (sum)));
  g_assert_cmpfloat (fabs (output->cos_positive), <=, 1 + 1e-6);
  g_assert_true (isnan (output->cos_negative) == (c->n_negatives == 0));
  g_assert_true (isnan (output->notices) == (c->n_negatives == 0));
  if (c->n_negatives > 0)
    {
      g_assert_cmpfloat (fabs (output->cos_negative), <=, 1 + 1e-6);
      g_assert_cmpfloat (output->notices, >=, 0);
      g_assert_cmpfloat (output->notices, <=, 1);
    }
}

/* Neither what is in the scratch nor the number of threads changes a bit. */
static void
check_repeats (Case *c)
{
  CwObjectiveOutput first;
  g_autofree float *gradient = NULL, *state = NULL;

  memset (c->scratch, 0, c->n_scratch * sizeof (float));
  cw_parallel_set_threads (1);
  first = evaluate (c, c->online);
  gradient = g_memdup2 (c->gradient, c->size * sizeof (float));
  state = g_memdup2 (c->state, c->n_state * sizeof (float));
  for (int threads = 1; threads <= 4; threads++)
    {
      CwObjectiveOutput again;

      for (size_t i = 0; i < c->n_scratch; i++)
        c->scratch[i] = NAN;
      cw_parallel_set_threads (threads);
      again = evaluate (c, c->online);
      g_assert_true (memcmp (&again.loss, &first.loss, sizeof (double)) == 0);
      g_assert_cmpmem (c->gradient, c->size * sizeof (float), gradient, c->size * sizeof (float));
      if (c->n_state > 0)
        g_assert_cmpmem (c->state, c->n_state * sizeof (float), state,
                         c->n_state * sizeof (float));
    }
  cw_parallel_set_threads (0);
}

static void
assert_finite (Case *c)
{
  g_assert_true (isfinite (evaluate (c, c->online).loss));
  for (size_t i = 0; i < c->size; i++)
    g_assert_true (isfinite (c->gradient[i]));
}

/* Embeddings without direction, and all alike, are no trouble; what is not finite must not be
 * hidden. */
static void
check_degenerate (Case *c)
{
  g_autofree float *online = g_memdup2 (c->online, c->size * sizeof (float));
  CwObjectiveOutput output = evaluate (c, c->online);
  gboolean negative = g_str_equal (output.terms[output.n_terms - 1].name, "negative");
  const CwParamSpec *branch = cw_params_find (c->objective->base.params, "negative-branch");

  memset (c->online, 0, c->size * sizeof (float));
  assert_finite (c);
  for (size_t i = 0; i < c->size; i++)
    c->online[i] = online[i % (size_t) c->dim];
  assert_finite (c);
  memcpy (c->online, online, c->size * sizeof (float));
  memset (c->online, 0, (size_t) c->dim * sizeof (float));
  assert_finite (c);

  c->online[0] = NAN;
  g_assert_false (isfinite (evaluate (c, c->online).loss));
  c->online[0] = INFINITY;
  g_assert_false (isfinite (evaluate (c, c->online).loss));
  c->online[0] = 0;
  c->online[c->size - 1] = NAN;
  /* Where the warped views are the target's, nobody looks at the online ones. */
  if (c->n_negatives == 0
      || (negative
          && (branch == NULL
              || (int) cw_params_get_number (branch, c->params) != CW_NEGATIVE_BRANCH_TARGET)))
    g_assert_false (isfinite (evaluate (c, c->online).loss));
}

/* Its parameters come back from their text. */
static void
check_parameters (const Case *c)
{
  const CwDescriptor *base = &c->objective->base;
  gpointer again = cw_params_block_new (base->params, base->params_size);

  for (const CwParamSpec *spec = base->params; spec != NULL && spec->id != NULL; spec++)
    {
      g_autofree char *text = cw_params_dup_string (spec, c->params);

      g_assert_true (cw_params_set_string (base->params, again, NULL, spec->id, text, NULL));
    }
  g_assert_true (cw_params_equal (base->params, c->params, again));
  cw_params_block_free (base->params, again);
}

/* What any objective owes the trainer. */
static void
check_contract (Case *c, const char *what)
{
  CwObjectiveOutput output = evaluate (c, c->online);

  g_test_message ("%s", what);
  check_parameters (c);
  check_output (c, &output);
  check_repeats (c);
  check_degenerate (c);
}

static void
test_contract (void)
{
  for_each_case (5, 7, check_contract);
  for_each_case (2, 3, check_contract);
  for_each_case (37, 32, check_contract);
}

/* Those that compare directions: a row's length means nothing. */
static void
check_scale (Case *c, const char *what)
{
  const char *const directions[] = { "simclr", "byol", "moco", "simsiam", NULL };
  double before = evaluate (c, c->online).loss;

  for (size_t r = 0; r < c->rows; r++)
    {
      for (int j = 0; j < c->dim; j++)
        c->online[r * (size_t) c->dim + (size_t) j] *= 0.25f + (float) r;
    }
  if (g_strv_contains (directions, c->objective->base.id))
    g_assert_cmpfloat_with_epsilon (before, evaluate (c, c->online).loss, 2e-6);
}

static void
test_scale (void)
{
  for_each_case (5, 7, check_scale);
}

/* The term of one image in the plane: from an anchor along x, a positive and two warped views at
 * given cosines. @slopes: the loss's gradient by the cosines. */
static CwObjectiveOutput
evaluate_term (const CwNegativeTermParams *params, const float cosines[3], float slopes[3])
{
  const float anchor[2] = { 1, 0 };
  float others[3][2], d_others[3][2] = { 0 };
  const CwNegativeRows rows = { anchor, others[0], others[1], NULL, d_others[0], d_others[1] };
  const CwObjectiveInput input = { .n = 1, .n_negatives = 2, .dim = 2, .negative_weight = 2 };
  g_autofree float *scratch = g_new (float, cw_negative_term_scratch_size (params, 1, 2));
  CwObjectiveOutput output = { 0 };

  for (int i = 0; i < 3; i++)
    {
      others[i][0] = cosines[i];
      others[i][1] = sqrtf (1 - cosines[i] * cosines[i]);
    }
  cw_negative_term_evaluate (params, &input, &rows, 1, scratch, &output);
  for (int i = 0; i < 3; i++)
    slopes[i] = d_others[i][0];
  return output;
}

typedef struct
{
  int form, pick;
  float cosines[3];
  double term;     /* before its weight of 2 */
  float slopes[3]; /* with it */
} TermCase;

/* By hand: where a margin is kept, at which slope it is not, and the softplus. */
static void
test_negative_term (void)
{
  const int all = CW_NEGATIVE_PICK_ALL, hardest = CW_NEGATIVE_PICK_HARDEST;
  const double e = exp (1);
  const float s = (float) (10 * e / (1 + e)), t = (float) (10 * e / (1 + 2 * e));
  const TermCase cases[] = {
    { CW_NEGATIVE_NONE, all, { 0.5f, 0.7f, 0.7f }, 0, { 0, 0, 0 } },
    { CW_NEGATIVE_HINGE, all, { 0.9f, 0.5f, 0.6f }, 0, { 0, 0, 0 } },
    { CW_NEGATIVE_HINGE, all, { 0.9f, 0.5f, 0.8f }, 0.05, { 0, 0, 1 } },
    { CW_NEGATIVE_HINGE, hardest, { 0.9f, 0.5f, 0.8f }, 0.1, { 0, 0, 2 } },
    { CW_NEGATIVE_TRIPLET, all, { 0.9f, 0.5f, 0.55f }, 0, { 0, 0, 0 } },
    { CW_NEGATIVE_TRIPLET, all, { 0.5f, 0.7f, 0.1f }, 0.25, { -1, 1, 0 } },
    { CW_NEGATIVE_TRIPLET, hardest, { 0.5f, 0.7f, 0.6f }, 0.5, { -2, 2, 0 } },
    { CW_NEGATIVE_NCE, hardest, { 0.5f, 0.7f, 0.6f }, log1p (e), { -s, s, 0 } },
    { CW_NEGATIVE_NCE, all, { 0.5f, 0.7f, 0.7f }, log1p (2 * e), { -2 * t, t, t } },
    /* In a batch of one there are no others. */
    { CW_NEGATIVE_NCE_BATCH, all, { 0.5f, 0.7f, 0.7f }, log1p (2 * e), { -2 * t, t, t } },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TermCase *c = &cases[i];
      const CwNegativeTermParams params
          = { .negative = c->form, .negative_pick = c->pick, .negative_margin = 0.3f,
              .negative_tau = 0.2f };
      float slopes[3];
      CwObjectiveOutput output = evaluate_term (&params, c->cosines, slopes);

      g_test_message ("case %u", (guint) i);
      g_assert_cmpint (output.n_terms, ==, c->form == CW_NEGATIVE_NONE ? 0 : 1);
      g_assert_cmpfloat_with_epsilon (output.loss, 2 * c->term, 2e-6);
      for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon (slopes[k], c->slopes[k], 2e-5f);
      g_assert_cmpfloat_with_epsilon (output.cos_positive, (double) c->cosines[0], 1e-6);
      g_assert_cmpfloat_with_epsilon (
          output.cos_negative, (double) (c->cosines[1] + c->cosines[2]) / 2, 1e-6);
      g_assert_cmpfloat_with_epsilon (
          output.notices,
          0.5 * ((c->cosines[0] > c->cosines[1]) + (c->cosines[0] > c->cosines[2])), 1e-9);
    }
}

/* MoCo's queue begins as unit vectors that the seed alone decides; then it takes the keys of view 1,
 * round and round. */
static void
test_queue (void)
{
  const CwObjectiveClass *moco
      = (const CwObjectiveClass *) cw_registry_find (CW_KIND_OBJECTIVE, "moco", NULL);
  const Settings none = { .form = "none" };
  Case *c = case_new (moco, &none, 4, 0, 3, 9);
  g_autofree float *other = g_new (float, c->n_state);

  g_assert_cmpuint (c->n_state, ==, 6 * 3 + 1);
  for (int i = 0; i < 6; i++)
    {
      const float *row = c->begin + 3 * i;

      g_assert_cmpfloat_with_epsilon (row[0] * row[0] + row[1] * row[1] + row[2] * row[2], 1.0f,
                                      1e-6f);
    }
  moco->init_state (c->params, 3, 9, other);
  g_assert_cmpmem (other, c->n_state * sizeof (float), c->begin, c->n_state * sizeof (float));
  moco->init_state (c->params, 3, 10, other);
  g_assert_true (memcmp (other, c->begin, c->n_state * sizeof (float)) != 0);

  /* The second batch of four goes to rows 4, 5, 0 and 1. */
  for (int batch = 0; batch < 2; batch++)
    {
      evaluate (c, c->online);
      for (int i = 0; i < 4; i++)
        {
          const float *key = c->target + 3 * (4 + i), *row = c->state + 3 * ((4 * batch + i) % 6);
          float length = sqrtf (key[0] * key[0] + key[1] * key[1] + key[2] * key[2]);

          for (int j = 0; j < 3; j++)
            g_assert_cmpfloat_with_epsilon (row[j], key[j] / length, 1e-6f);
        }
      /* What is not replaced stays. */
      g_assert_cmpmem (c->state + (batch == 0 ? 12 : 6), 6 * sizeof (float),
                       c->begin + (batch == 0 ? 12 : 6), 6 * sizeof (float));
      memcpy (c->begin, c->state, c->n_state * sizeof (float));
      cw_test_fill_normal (c->target, c->size, 1, 77);
    }
  case_free (c);
}

/* Images without a label, and batches without any, pull at nothing. */
static void
test_unlabelled (void)
{
  const CwObjectiveClass *supervised
      = (const CwObjectiveClass *) cw_registry_find (CW_KIND_OBJECTIVE, "supervised", NULL);
  const Settings none = { NULL };
  Case *c = case_new (supervised, &none, 4, 0, 3, 9);

  evaluate (c, c->online);
  for (size_t i = 0; i < c->size; i++)
    g_assert_true ((fabsf (c->gradient[i]) <= 0) == (i / 3 % 4 == 1));
  for (int i = 0; i < 4; i++)
    c->labels[i] = -1;
  g_assert_cmpfloat (fabs (evaluate (c, c->online).loss), <=, 0);
  for (size_t i = 0; i < c->size; i++)
    g_assert_cmpfloat (fabsf (c->gradient[i]), <=, 0);
  case_free (c);
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
  g_test_add_func ("/cw/objectives/queue", test_queue);
  g_test_add_func ("/cw/objectives/unlabelled", test_unlabelled);
  return g_test_run ();
}
