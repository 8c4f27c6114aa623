/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "base/cw-rng.h"
#include "learn/cw-learn-builtins.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-rows.h"
#include "learn/cw-softmax.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* MoCo v2 (He et al., CVPR 2020; Chen et al. 2020, arXiv 2003.04297): the projection q of one view
 * has to pick the target's projection k of the other view, its key, out of a queue of keys of
 * earlier batches, by cosine / temperature:
 *
 *   -log (e^(q k / tau) / (e^(q k / tau) + sum_u e^(q u / tau))),   u: the queue.
 *
 * Both directions, view 0 to 1 and 1 to 0, as all views are embedded anyway: the mean over the 2n
 * queries. Reported in two parts that add up to it: "positive", minus the logit of the key, and
 * "queue", the log-sum-exp. Gradient goes into the queries only. After that the queue takes one key
 * of every image, that of view 1, and forgets the oldest; so its length counts images.
 *
 * The state is the queue, [length, dim], and the row that is replaced next. */

typedef struct
{
  CwNegativeTermParams term;
  int branch; /* CwNegativeBranch */
  float temperature;
  int queue;
} MocoParams;

static const CwParamSpec specs[] = {
  CW_NEGATIVE_TERM_SPECS,
  CW_NEGATIVE_BRANCH_SPEC (MocoParams, branch),
  CW_PARAM_FLOAT (MocoParams, temperature, "temperature", N_ ("Temperature"), "", 0.01, 10, 0.2,
                  N_ ("Divides the cosines with the faces of the queue")),
  CW_PARAM_INT (MocoParams, queue, "queue", N_ ("Queue"), N_ ("images"), 2, 1048576, 4096,
                N_ ("How many faces of earlier batches are contrasted with")),
  CW_PARAM_END,
};

typedef struct
{
  float *unit, *d_unit, *inverse; /* online: [rows, dim], [rows] */
  float *keys, *key_inverse;      /* [rows, dim], [rows], or the first 2n of them */
  float *logits;                  /* [2n, 1 + queue]: the key, then the queue */
  float *lse;                     /* [2n] */
  float *negatives;               /* scratch of the warp-negative term */
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (const MocoParams *params, int n, int n_negatives, int dim, float *scratch,
         Layout *layout)
{
  size_t views = 2 * (size_t) n, rows = (size_t) (2 + n_negatives) * (size_t) n;
  size_t embeddings = rows * (size_t) dim, n_logits = views * (size_t) (1 + params->queue);

  if (scratch != NULL)
    {
      layout->unit = scratch;
      layout->d_unit = layout->unit + embeddings;
      layout->keys = layout->d_unit + embeddings;
      layout->logits = layout->keys + embeddings;
      layout->inverse = layout->logits + n_logits;
      layout->key_inverse = layout->inverse + rows;
      layout->lse = layout->key_inverse + rows;
      layout->negatives = layout->lse + views;
    }
  return 3 * embeddings + n_logits + 2 * rows + views
         + cw_negative_term_scratch_size (&params->term, n, n_negatives);
}

static size_t
moco_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return lay_out (params, n, n_negatives, dim, NULL, NULL);
}

static gboolean
moco_target_negatives (gconstpointer block)
{
  const MocoParams *params = block;

  return cw_negative_term_needs_target (&params->term, params->branch);
}

static size_t
moco_state_size (gconstpointer block, int dim)
{
  const MocoParams *params = block;

  return (size_t) params->queue * (size_t) dim + 1;
}

/* Random directions: nobody's face, and as far from all of them as can be. */
static void
moco_init_state (gconstpointer block, int dim, guint64 seed, float *state)
{
  const MocoParams *params = block;
  float inverse;

  for (int i = 0; i < params->queue; i++)
    {
      float *row = state + (size_t) i * (size_t) dim;
      CwRng rng = cw_rng_new (seed, CW_RNG_INIT, 1, 0, (guint32) i, 0);

      for (int j = 0; j < dim; j++)
        row[j] = cw_rng_normal (&rng);
      _cw_rows_normalise (1, dim, row, row, &inverse);
    }
  state[(size_t) params->queue * (size_t) dim] = 0;
}

/* Replaces the oldest rows. */
static void
enqueue (const MocoParams *params, int n, int dim, const float *keys, float *state)
{
  float *next = state + (size_t) params->queue * (size_t) dim;
  int at = (int) *next;

  for (int i = MAX (0, n - params->queue); i < n; i++)
    {
      memcpy (state + (size_t) at * (size_t) dim, keys + (size_t) i * (size_t) dim,
              (size_t) dim * sizeof (float));
      at = (at + 1) % params->queue;
    }
  *next = (float) at;
}

/* Query a's key. */
static const float *
key_of (const Layout *layout, int n, int dim, int a)
{
  return layout->keys + (size_t) ((a + n) % (2 * n)) * (size_t) dim;
}

/* From the logits with the queue those with the keys, all of their gradient, and the two terms. */
static void
cross_entropy (const MocoParams *params, int n, int dim, const Layout *layout,
               CwObjectiveOutput *output)
{
  size_t width = (size_t) (1 + params->queue);
  double positive = 0, queue = 0, n_queries = 2.0 * n;

  for (int a = 0; a < 2 * n; a++)
    {
      double logit = _cw_row_dot (dim, layout->unit + (size_t) a * (size_t) dim,
                                  key_of (layout, n, dim, a))
                     / (double) params->temperature;

      positive -= logit;
      layout->logits[(size_t) a * width] = (float) logit;
    }
  _cw_softmax_rows (2 * (size_t) n, width, 1 / n_queries, layout->logits, layout->lse);
  for (int a = 0; a < 2 * n; a++)
    {
      layout->logits[(size_t) a * width] -= (float) (1 / n_queries);
      queue += (double) layout->lse[a];
    }
  output->terms[0].name = "positive";
  output->terms[0].value = positive / n_queries;
  output->terms[1].name = "queue";
  output->terms[1].value = queue / n_queries;
  output->n_terms = 2;
  output->loss = (positive + queue) / n_queries;
}

/* Leaves d_unit of views 0 and 1. */
static void
contrast (const MocoParams *params, int n, int dim, const float *queue, const Layout *layout,
          CwObjectiveOutput *output)
{
  const CwOps *ops = cw_ops ();
  int length = params->queue, width = 1 + length;
  float scale = 1 / params->temperature;

  ops->gemm (0, 1, 2 * n, length, dim, scale, layout->unit, dim, queue, dim, 0,
             layout->logits + 1, width);
  cross_entropy (params, n, dim, layout, output);
  ops->gemm (0, 0, 2 * n, dim, length, scale, layout->logits + 1, width, queue, dim, 0,
             layout->d_unit, dim);
  for (int a = 0; a < 2 * n; a++)
    _cw_row_add (dim, scale * layout->logits[(size_t) a * (size_t) width],
                 key_of (layout, n, dim, a), layout->d_unit + (size_t) a * (size_t) dim);
}

static void
moco_evaluate (gconstpointer block, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  const MocoParams *params = block;
  int n = input->n, dim = input->dim;
  size_t rows = (size_t) (2 + input->n_negatives) * (size_t) n, views = 2 * (size_t) n;
  size_t base = views * (size_t) dim;
  Layout layout = { 0 };

  lay_out (params, n, input->n_negatives, dim, input->scratch, &layout);
  _cw_rows_normalise (rows, dim, input->online, layout.unit, layout.inverse);
  _cw_rows_normalise (moco_target_negatives (params) ? rows : views, dim, input->target,
                      layout.keys, layout.key_inverse);
  contrast (params, n, dim, input->state, &layout, output);
  cw_ops ()->fill (rows * (size_t) dim - base, 0, layout.d_unit + base);
  cw_negative_term_target (&params->term, params->branch, input, layout.unit, layout.d_unit,
                           layout.keys, layout.negatives, output);
  _cw_rows_normalise_backward (rows, dim, layout.unit, layout.inverse, layout.d_unit,
                               output->d_online);
  enqueue (params, n, dim, layout.keys + (size_t) n * (size_t) dim, input->state);
}

const CwObjectiveClass _cw_objective_moco = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "moco",
    .label = N_ ("MoCo"),
    .description = N_ ("Contrast with a queue of the target network's faces, plus warp negatives"),
    .params = specs,
    .params_size = sizeof (MocoParams),
  },
  .head = CW_HEAD_PROJECTION,
  .target = CW_TARGET_MOMENTUM,
  .target_negatives = moco_target_negatives,
  .scratch_size = moco_scratch_size,
  .state_size = moco_state_size,
  .init_state = moco_init_state,
  .evaluate = moco_evaluate,
};
