/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-negative-term.h"

#include <math.h>

/* The paper's abstract says that warped views of the same face are negatives and leaves the form
 * open, so there are two, both relative to the positive of the same image and averaged over images:
 *
 *   hinge  1/K sum_k max (0, margin + cos-_k - cos+): a triplet with the anchor, by cosines. A
 *          warped view may stay near the anchor as long as the positive is nearer by the margin.
 *   nce    -log (e^(cos+ / tau) / (e^(cos+ / tau) + sum_k e^(cos-_k / tau))): InfoNCE whose keys
 *          are of the same image only. With one negative it is softplus ((cos- - cos+) / tau). */

const char *const cw_negative_term_nicks[] = { "none", "hinge", "nce", NULL };

/* The cosines of one image lie @stride apart, cos+ first. Both functions return the term and
 * replace each cosine by @scale times the term's derivative. */

static double
evaluate_hinge (const CwNegativeTermParams *params, double scale, int n_negatives, size_t stride,
                float *cosines)
{
  double positive = (double) cosines[0], d_positive = 0, sum = 0;

  for (int k = 1; k <= n_negatives; k++)
    {
      float *negative = cosines + (size_t) k * stride;
      double over = (double) params->negative_margin + (double) *negative - positive;
      double slope = scale / n_negatives;

      /* Written so that NaN counts as over: it must reach the loss. */
      if (over <= 0)
        over = slope = 0;
      sum += over;
      *negative = (float) slope;
      d_positive -= slope;
    }
  cosines[0] = (float) d_positive;
  return sum / n_negatives;
}

static double
evaluate_nce (const CwNegativeTermParams *params, double scale, int n_negatives, size_t stride,
              float *cosines)
{
  double tau = (double) params->negative_tau;
  double positive = (double) cosines[0], highest = positive, sum = 0, term;

  for (int k = 1; k <= n_negatives; k++)
    highest = MAX (highest, (double) cosines[(size_t) k * stride]);
  for (int k = 0; k <= n_negatives; k++)
    sum += exp (((double) cosines[(size_t) k * stride] - highest) / tau);
  term = log (sum) + (highest - positive) / tau;
  for (int k = 0; k <= n_negatives; k++)
    {
      float *cosine = cosines + (size_t) k * stride;
      double share = exp (((double) *cosine - highest) / tau) / sum;

      *cosine = (float) (scale / tau * (k == 0 ? share - 1 : share));
    }
  return term;
}

static void
measure (int n, int n_negatives, const float *cosines, CwObjectiveOutput *output)
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
  output->cos_positive = positive / n;
  output->cos_negative = n_negatives > 0 ? negative / n_pairs : (double) NAN;
  output->notices = n_negatives > 0 ? (double) n_noticed / n_pairs : (double) NAN;
}

void
cw_negative_term_evaluate (const CwNegativeTermParams *params, double weight, int n,
                           int n_negatives, float *cosines, CwObjectiveOutput *output)
{
  double sum = 0;

  measure (n, n_negatives, cosines, output);
  if (params->negative == CW_NEGATIVE_NONE || n_negatives == 0)
    {
      for (size_t i = 0; i < (size_t) n * (size_t) (1 + n_negatives); i++)
        cosines[i] = 0;
      return;
    }

  for (int i = 0; i < n; i++)
    {
      if (params->negative == CW_NEGATIVE_HINGE)
        sum += evaluate_hinge (params, weight / n, n_negatives, (size_t) n, cosines + i);
      else
        sum += evaluate_nce (params, weight / n, n_negatives, (size_t) n, cosines + i);
    }
  g_assert (output->n_terms < CW_MAX_TERMS);
  output->terms[output->n_terms].name = "negative";
  output->terms[output->n_terms].value = sum / n;
  output->n_terms++;
  output->loss += weight * sum / n;
}
