/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-negative-term.h"

#include "learn/cw-rows.h"
#include "learn/cw-softmax.h"
#include "nn/cw-ops.h"

#include <math.h>

/* The paper's abstract says that warped views of the same face are negatives and leaves the form
 * open, so there are several. With the anchor a_i, its positive p_i and its warped views w_ki, all
 * unit vectors, mean over the images i of
 *
 *   hinge      1/K sum_k max (0, a_i w_ki - (1 - margin)): a warped view may come as near to the
 *              anchor as 1 - margin; where the positive is does not matter.
 *   triplet    1/K sum_k max (0, margin + a_i w_ki - a_i p_i): a warped view may stay near the
 *              anchor as long as the positive is nearer by the margin.
 *   nce        -log (e^(a_i p_i / tau) / (e^(a_i p_i / tau) + sum_k e^(a_i w_ki / tau))): InfoNCE
 *              whose keys are of the same image only. With one negative it is
 *              softplus ((a_i w_i - a_i p_i) / tau).
 *   nce-batch  the same with sum_j e^(a_i p_j / tau), over all images j of the batch, in the place
 *              of the first part of the denominator: the positives of the others are keys too.
 *
 * With pick = hardest, w_i is the warped view of image i with the largest cosine and K is 1.
 *
 * The anchor is view 0 throughout. In an objective with a target there are two comparisons:
 *
 *   online     a = target of view 0, p = online output of view 1, w = online outputs
 *   target     a = online output of view 0, p = target of view 1, w = the target's
 *
 * and gradient goes into the online outputs only. */

const char *const cw_negative_form_nicks[]
    = { "none", "hinge", "triplet", "nce", "nce-batch", NULL };
const char *const cw_negative_pick_nicks[] = { "all", "hardest", NULL };
const char *const cw_negative_branch_nicks[] = { "online", "target", "both", NULL };
const char *const cw_negative_space_nicks[] = { "shared", "own", NULL };

typedef struct
{
  float *cosines; /* [1 + n_negatives, n]: a p, then a w by view; then their gradient */
  float *logits;  /* [n, n_logits]: of the nce forms; then the gradient by the cosines a_i p_j */
  float *lse;     /* [n] */
  size_t n_logits;
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (const CwNegativeTermParams *params, int n, int n_negatives, float *scratch,
         Layout *layout)
{
  gboolean batch = params->negative == CW_NEGATIVE_NCE_BATCH;
  size_t n_cosines = (size_t) (1 + n_negatives) * (size_t) n;

  layout->n_logits = (size_t) (batch ? n : 1) + (size_t) n_negatives;
  if (scratch != NULL)
    {
      layout->cosines = scratch;
      layout->logits = scratch + n_cosines;
      layout->lse = layout->logits + (size_t) n * layout->n_logits;
    }
  return n_cosines + (size_t) n * (layout->n_logits + 1);
}

size_t
cw_negative_term_scratch_size (const CwNegativeTermParams *params, int n, int n_negatives)
{
  Layout layout = { 0 };

  return lay_out (params, n, n_negatives, NULL, &layout);
}

static void
measure (int n, int n_negatives, double share, const float *cosines, CwObjectiveOutput *output)
{
  double positive = 0, negative = 0, n_pairs = (double) n * n_negatives;
  size_t n_noticed = 0;

  for (int i = 0; i < n; i++)
    {
      positive += (double) cosines[i];
      for (int k = 1; k <= n_negatives; k++)
        {
          float cosine = cosines[(size_t) k * (size_t) n + (size_t) i];

          negative += (double) cosine;
          n_noticed += cosines[i] > cosine;
        }
    }
  output->cos_positive += share * positive / n;
  output->cos_negative += n_negatives > 0 ? share * negative / n_pairs : (double) NAN;
  output->notices += n_negatives > 0 ? share * (double) n_noticed / n_pairs : (double) NAN;
}

/* Hinge and triplet of one image, whose negatives' cosines lie @stride apart. Each cosine is
 * replaced by @scale times the term's derivative. Returns the term. */
static double
evaluate_margin (const CwNegativeTermParams *params, double scale, int n_negatives, size_t stride,
                 float *positive, float *negatives)
{
  gboolean triplet = params->negative == CW_NEGATIVE_TRIPLET;
  double limit = (triplet ? (double) *positive : 1) - (double) params->negative_margin;
  double d_positive = 0, sum = 0;

  for (int k = 0; k < n_negatives; k++)
    {
      float *negative = negatives + (size_t) k * stride;
      double over = (double) *negative - limit;
      double slope = scale / n_negatives;

      /* Written so that NaN counts as over: it must reach the loss. */
      if (over <= 0)
        over = slope = 0;
      sum += over;
      *negative = (float) slope;
      d_positive -= slope;
    }
  *positive = triplet ? (float) d_positive : 0.0f;
  return sum / n_negatives;
}

/* Which of an image's cosines is the largest, or not a number. */
static int
find_hardest (int n_negatives, size_t stride, const float *negatives)
{
  int hardest = 0;

  for (int k = 0; k < n_negatives; k++)
    {
      float cosine = negatives[(size_t) k * stride];

      if (isnan (cosine))
        return k;
      if (cosine > negatives[(size_t) hardest * stride])
        hardest = k;
    }
  return hardest;
}

/* The warped views of image @i that count: how many, and the first one's cosine. */
static int
pick (const CwNegativeTermParams *params, int n, int n_negatives, int i, float *cosines,
      float **first)
{
  size_t stride = (size_t) n;
  float *negatives = cosines + stride + (size_t) i;
  int hardest;

  *first = negatives;
  if (params->negative_pick == CW_NEGATIVE_PICK_ALL)
    return n_negatives;
  hardest = find_hardest (n_negatives, stride, negatives);
  *first = negatives + (size_t) hardest * stride;
  return 1;
}

/* Leaves a gradient in those that count and nothing in the others. */
static void
drop_others (int n, int n_negatives, int i, const float *kept, float *cosines)
{
  for (int k = 1; k <= n_negatives; k++)
    {
      float *cosine = cosines + (size_t) k * (size_t) n + (size_t) i;

      if (cosine != kept)
        *cosine = 0;
    }
}

static double
evaluate_margins (const CwNegativeTermParams *params, double scale, int n, int n_negatives,
                  float *cosines)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    {
      float *first;
      int n_picked = pick (params, n, n_negatives, i, cosines, &first);

      sum += evaluate_margin (params, scale, n_picked, (size_t) n, cosines + i, first);
      if (n_picked < n_negatives)
        drop_others (n, n_negatives, i, first, cosines);
    }
  return sum;
}

/* Rows of logits: the positives (all of the batch, or the image's own), then the warped views, of
 * which those that are not picked take no part. */
static void
fill_logits (const CwNegativeTermParams *params, int n, int n_negatives, int dim,
             const CwNegativeRows *rows, const Layout *layout)
{
  gboolean batch = params->negative == CW_NEGATIVE_NCE_BATCH;
  float scale = 1 / params->negative_tau;

  if (batch)
    cw_ops ()->gemm (0, 1, n, n, dim, scale, rows->anchor, dim, rows->positive, dim, 0,
                     layout->logits, (int) layout->n_logits);
  for (int i = 0; i < n; i++)
    {
      float *row = layout->logits + (size_t) i * layout->n_logits, *first;
      float *negatives = row + (batch ? n : 1);
      int n_picked = pick (params, n, n_negatives, i, layout->cosines, &first);

      row[batch ? i : 0] = scale * layout->cosines[i];
      for (int k = 0; k < n_negatives; k++)
        {
          const float *cosine = layout->cosines + (size_t) (k + 1) * (size_t) n + (size_t) i;

          negatives[k] = n_picked == n_negatives || cosine == first ? scale * *cosine : -INFINITY;
        }
    }
}

/* Both nce forms. Leaves the gradient by the cosines of other images' positives in logits, by all
 * others in cosines. */
static double
evaluate_nce (const CwNegativeTermParams *params, double scale, int n, int n_negatives,
              const Layout *layout)
{
  gboolean batch = params->negative == CW_NEGATIVE_NCE_BATCH;
  double by_cosine = scale / (double) params->negative_tau, sum = 0;

  for (int i = 0; i < n; i++)
    sum -= (double) layout->cosines[i] / (double) params->negative_tau;
  _cw_softmax_rows ((size_t) n, layout->n_logits, by_cosine, layout->logits, layout->lse);
  for (int i = 0; i < n; i++)
    {
      float *row = layout->logits + (size_t) i * layout->n_logits;
      float *own = row + (batch ? i : 0), *negatives = row + (batch ? n : 1);

      sum += (double) layout->lse[i];
      layout->cosines[i] = (float) ((double) *own - by_cosine);
      *own = 0;
      for (int k = 0; k < n_negatives; k++)
        layout->cosines[(size_t) (k + 1) * (size_t) n + (size_t) i] = negatives[k];
    }
  return sum;
}

/* From the gradient by the cosines that of the rows. */
static void
add_gradients (int n, int n_negatives, int dim, gboolean batch, const CwNegativeRows *rows,
               const Layout *layout)
{
  size_t n_logits = layout->n_logits;

  for (size_t c = 0; c < (size_t) (1 + n_negatives) * (size_t) n; c++)
    {
      gboolean positive = c < (size_t) n;
      size_t anchor = c % (size_t) n * (size_t) dim;
      size_t other = (positive ? c : c - (size_t) n) * (size_t) dim;
      float *d_other = positive ? rows->d_positive : rows->d_negative;
      float slope = layout->cosines[c];

      if (rows->d_anchor != NULL)
        _cw_row_add (dim, slope, (positive ? rows->positive : rows->negative) + other,
                     rows->d_anchor + anchor);
      if (d_other != NULL)
        _cw_row_add (dim, slope, rows->anchor + anchor, d_other + other);
    }
  if (batch && rows->d_anchor != NULL)
    cw_ops ()->gemm (0, 0, n, dim, n, 1, layout->logits, (int) n_logits, rows->positive, dim, 1,
                     rows->d_anchor, dim);
  if (batch && rows->d_positive != NULL)
    cw_ops ()->gemm (1, 0, n, dim, n, 1, layout->logits, (int) n_logits, rows->anchor, dim, 1,
                     rows->d_positive, dim);
}

static void
fill_cosines (int n, int n_negatives, int dim, const CwNegativeRows *rows, float *cosines)
{
  for (size_t c = 0; c < (size_t) (1 + n_negatives) * (size_t) n; c++)
    {
      const float *other = c < (size_t) n
                               ? rows->positive + c * (size_t) dim
                               : rows->negative + (c - (size_t) n) * (size_t) dim;

      cosines[c]
          = (float) _cw_row_dot (dim, rows->anchor + c % (size_t) n * (size_t) dim, other);
    }
}

/* Returns the term's mean over images, of one comparison; its gradient, times @weight, is added. */
static double
compare (const CwNegativeTermParams *params, double weight, const CwObjectiveInput *input,
         const CwNegativeRows *rows, const Layout *layout)
{
  int n = input->n, n_negatives = input->n_negatives;
  gboolean batch = params->negative == CW_NEGATIVE_NCE_BATCH;
  double sum;

  if (params->negative == CW_NEGATIVE_HINGE || params->negative == CW_NEGATIVE_TRIPLET)
    sum = evaluate_margins (params, weight / n, n, n_negatives, layout->cosines);
  else
    {
      fill_logits (params, n, n_negatives, input->dim, rows, layout);
      sum = evaluate_nce (params, weight / n, n, n_negatives, layout);
    }
  add_gradients (n, n_negatives, input->dim, batch, rows, layout);
  return sum / n;
}

void
cw_negative_term_evaluate (const CwNegativeTermParams *params, const CwObjectiveInput *input,
                           const CwNegativeRows *comparisons, int n_comparisons, float *scratch,
                           CwObjectiveOutput *output)
{
  double share = 1.0 / n_comparisons, weight = (double) input->negative_weight, term = 0;
  Layout layout = { 0 };

  lay_out (params, input->n, input->n_negatives, scratch, &layout);
  for (int c = 0; c < n_comparisons; c++)
    {
      fill_cosines (input->n, input->n_negatives, input->dim, &comparisons[c], layout.cosines);
      measure (input->n, input->n_negatives, share, layout.cosines, output);
      if (params->negative != CW_NEGATIVE_NONE && input->n_negatives > 0)
        term += share * compare (params, share * weight, input, &comparisons[c], &layout);
    }
  if (params->negative == CW_NEGATIVE_NONE || input->n_negatives == 0)
    return;
  g_assert (output->n_terms < CW_MAX_TERMS);
  output->terms[output->n_terms].name = "negative";
  output->terms[output->n_terms].value = term;
  output->n_terms++;
  output->loss += weight * term;
}

void
cw_negative_term_online (const CwNegativeTermParams *params, const CwObjectiveInput *input,
                         const float *unit, float *d_unit, float *scratch,
                         CwObjectiveOutput *output)
{
  size_t view = (size_t) input->n * (size_t) input->dim;
  const CwNegativeRows rows = { unit,   unit + view,   unit + 2 * view,
                                d_unit, d_unit + view, d_unit + 2 * view };

  cw_negative_term_evaluate (params, input, &rows, 1, scratch, output);
}

void
cw_negative_term_target (const CwNegativeTermParams *params, CwNegativeBranch branch,
                         const CwObjectiveInput *input, const float *unit, float *d_unit,
                         const float *target, float *scratch, CwObjectiveOutput *output)
{
  size_t view = (size_t) input->n * (size_t) input->dim;
  const CwNegativeRows rows[] = {
    { target, unit + view, unit + 2 * view, NULL, d_unit + view, d_unit + 2 * view },
    { unit, target + view, target + 2 * view, d_unit, NULL, NULL },
  };

  /* Without a term the target has not seen the warped views. */
  if (params->negative == CW_NEGATIVE_NONE)
    branch = CW_NEGATIVE_BRANCH_ONLINE;
  if (branch == CW_NEGATIVE_BRANCH_BOTH)
    cw_negative_term_evaluate (params, input, rows, 2, scratch, output);
  else
    cw_negative_term_evaluate (params, input, &rows[branch], 1, scratch, output);
}

int
cw_negative_term_base_dim (const CwNegativeTermParams *params, CwNegativeSpace space,
                           const CwObjectiveInput *input)
{
  gboolean own = space == CW_NEGATIVE_SPACE_OWN && params->negative != CW_NEGATIVE_NONE
                 && input->n_negatives > 0 && input->dim > 1;

  return own ? input->dim / 2 : input->dim;
}

void
cw_negative_term_measure_base (int n, int dim, const float *anchor, const float *positive,
                               CwObjectiveOutput *output)
{
  double sum = 0;

  for (size_t i = 0; i < (size_t) n; i++)
    sum += _cw_row_dot (dim, anchor + i * (size_t) dim, positive + i * (size_t) dim);
  output->splits = TRUE;
  output->cos_base = sum / n;
}

gboolean
cw_negative_term_needs_target (const CwNegativeTermParams *params, CwNegativeBranch branch)
{
  return params->negative != CW_NEGATIVE_NONE && branch != CW_NEGATIVE_BRANCH_ONLINE;
}
