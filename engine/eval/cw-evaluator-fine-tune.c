/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "eval/cw-features-private.h"
#include "eval/cw-label-share.h"
#include "learn/cw-trainer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * The whole encoder and a linear classifier on it learn the labels of the fitted side (objective
 * `supervised`, AdamW; a step sees two views of each of its pictures), then the classifier answers on
 * the scored side, norms with their running statistics. The encoder begins with the weights of the
 * contender: `trained` is fine-tuned, `random_init` is the same encoder supervised from scratch, with
 * the same pictures, views and steps. The trained net is thrown away.
 */

/* Share of the work; the rest is scoring. */
#define TRAIN_SPAN 0.95
#define MAX_AHEAD 16
#define CACHE_BYTES ((gsize) 512 << 20)

typedef struct
{
  float epochs;
  int batch;
  float lr, weight_decay;
  float warmup;
  float labels;
  int pipeline;
  float smoothing;
} Params;

/* Of cw_pipeline_preset_names(). */
static const char *const pipelines[] = { "mild-face", "default", "simclr", "byol", NULL };

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, epochs, "epochs", N_ ("Epochs"), "", 0.01, 10000, 10,
                  N_ ("How often every fitted picture is seen; may be a fraction")),
  CW_PARAM_INT (Params, batch, "batch", N_ ("Batch"), N_ ("images"), 2, 4096, 64,
                N_ ("Images per step, in two views each; fewer where there are not so many")),
  CW_PARAM_FLOAT (Params, lr, "lr", N_ ("Learning rate"), "", 0, 1, 1e-3,
                  N_ ("Highest learning rate, at the end of the warm-up")),
  CW_PARAM_FLOAT (Params, weight_decay, "weight-decay", N_ ("Weight decay"), "", 0, 10, 0.05,
                  N_ ("Decoupled decay of convolution and linear weights")),
  CW_PARAM_FLOAT (Params, warmup, "warmup", N_ ("Warm-up"), N_ ("epochs"), 0, 1000, 1,
                  N_ ("Epochs over which the learning rate rises to its peak")),
  CW_PARAM_FLOAT (Params, labels, "labels", N_ ("Labels"), "", 0.001, 1, 1,
                  N_ ("Share of the fitted pictures of each class that is learned from, one at "
                      "least")),
  CW_PARAM_ENUM (Params, pipeline, "pipeline", N_ ("Pipeline"), pipelines, 0,
                 N_ ("Global transforms that make the views that are learned from")),
  CW_PARAM_FLOAT (Params, smoothing, "smoothing", N_ ("Label smoothing"), "", 0, 0.9, 0,
                  N_ ("Share of the target that is spread over all labels")),
  CW_PARAM_END,
};

static gboolean
set_operations (CwRecipe *recipe, const Params *p, GError **error)
{
  const CwParamSpec *smoothing;

  if (!cw_recipe_set_objective (recipe, "supervised", error)
      || !cw_recipe_set_optimizer (recipe, "adamw", error))
    return FALSE;
  cw_pipeline_free (recipe->views->pipeline);
  recipe->views->pipeline = cw_pipeline_new_preset (pipelines[p->pipeline], NULL);
  g_assert (recipe->views->pipeline != NULL);
  smoothing = cw_params_find (recipe->objective->base.params, "smoothing");
  g_assert (smoothing != NULL);
  return cw_params_set_number (smoothing, recipe->objective_params, (double) p->smoothing, error);
}

/* (transfer full): for @n pictures. */
static CwRecipe *
make_recipe (const Params *p, const CwEvaluatorInput *input, guint n, GError **error)
{
  g_autoptr (CwRecipe) recipe = cw_recipe_new ();
  CwOptimizerCommon *common;

  recipe->seed = input->seed;
  cw_recipe_set_model (recipe, input->model);
  if (!set_operations (recipe, p, error))
    return NULL;
  common = recipe->optimizer_params;
  common->lr = p->lr;
  common->weight_decay = p->weight_decay;
  recipe->schedule.epochs = p->epochs;
  recipe->schedule.batch = (int) MIN ((guint) p->batch, n);
  recipe->schedule.warmup_epochs = p->warmup;
  return g_steal_pointer (&recipe);
}

/* Learns nothing yet. */
static CwTrainer *
make_trainer (const Params *p, const CwEvaluatorInput *input, GError **error)
{
  g_autoptr (CwFeatures) rows = _cw_label_share_draw (input->fit, input->n_classes,
                                                      100 * (double) p->labels, input->seed, 0);
  g_autoptr (CwRecipe) recipe = make_recipe (p, input, rows->n, error);
  int n_threads = cw_parallel_get_threads ();
  const CwLoaderOptions options = { .n_threads = n_threads,
                                    .n_ahead = MIN (n_threads + 1, MAX_AHEAD),
                                    .cache_bytes = CACHE_BYTES };
  CwTrainer *trainer;

  if (recipe == NULL)
    return NULL;
  trainer = cw_trainer_new (recipe, input->dataset, rows->items, rows->n, &options, NULL, NULL,
                            error);
  if (trainer != NULL)
    cw_weights_copy_shared (cw_trainer_get_online (trainer), input->model->weights);
  return trainer;
}

static gboolean
train (CwTrainer *trainer, CwJob *job, GError **error)
{
  guint64 total = cw_trainer_get_total_steps (trainer);
  CwStepRecord record;

  for (guint64 step = 0; step < total; step++)
    {
      g_autoptr (GError) local = NULL;

      if (!cw_job_progress (job, (double) step / (double) total, _ ("Fine-tuning"), error))
        return FALSE;
      if (cw_trainer_step (trainer, &record, &local))
        continue;
      if (g_error_matches (local, CW_ERROR, CW_ERROR_DIVERGED))
        g_set_error (error, CW_ERROR, CW_ERROR_DIVERGED,
                     "training diverged at step %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                     "; lower lr",
                     step, total);
      else
        g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

static const float *
find_param (const CwWeights *weights, const char *name)
{
  for (guint i = 0; i < cw_net_get_n_params (weights->net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (weights->net, i);

      if (strcmp (tensor->name, name) == 0)
        return weights->params + tensor->offset;
    }
  g_return_val_if_reached (NULL);
}

/* Which class of the evaluation each label of the data is, `[labels]`; -1 = none that is fitted. */
static int *
number_labels (const CwEvaluatorInput *input)
{
  guint n_labels = cw_dataset_get_n_labels (input->dataset);
  int *classes = g_new (int, n_labels);

  for (guint l = 0; l < n_labels; l++)
    classes[l] = -1;
  for (guint i = 0; i < input->fit->n; i++)
    classes[cw_dataset_get_item (input->dataset, input->fit->items[i])->label]
        = input->fit->labels[i];
  return classes;
}

/* Of the features @x `[n, dim]`: the fitted class with the largest logit. */
static void
answer (const CwEvaluatorInput *input, const CwWeights *weights, const CwFeatures *x, int *answers)
{
  g_autofree int *classes = number_labels (input);
  guint n_labels = cw_dataset_get_n_labels (input->dataset);
  const float *matrix = find_param (weights, "classifier.weight"); /* [dim, n_labels] */
  const float *bias = find_param (weights, "classifier.bias");

  for (guint i = 0; i < x->n; i++)
    {
      const float *row = x->x + (gsize) i * (gsize) x->dim;
      double largest = -G_MAXDOUBLE;

      for (guint l = 0; l < n_labels; l++)
        {
          double logit = (double) bias[l];

          for (int j = 0; j < x->dim; j++)
            logit += (double) row[j] * (double) matrix[(gsize) j * n_labels + l];
          if (classes[l] < 0 || logit <= largest)
            continue;
          largest = logit;
          answers[i] = classes[l];
        }
    }
}

/* The encoder embeds the scored side like any other, the classifier is applied to that. */
static gboolean
score (CwTrainer *trainer, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
       GError **error)
{
  g_autoptr (CwModel) model = cw_trainer_copy_model (trainer);
  g_autoptr (CwFeatures) features = NULL;
  g_autofree int *answers = g_new0 (int, input->score->n);
  const CwFeaturesSource source = { .model = model };

  if (!_cw_features_extract_again (&source, 1, _cw_features_max_side (&source, 1), input->dataset,
                                   input->score, _ ("Scoring the classifier"), &features, job,
                                   error))
    return FALSE;
  answer (input, cw_trainer_get_online (trainer), features, answers);
  _cw_scores_add_answers (scores, input->score, answers, input->n_classes);
  return TRUE;
}

static gboolean
check_classes (const CwFeatures *fit, GError **error)
{
  for (guint i = 1; i < fit->n; i++)
    {
      if (fit->labels[i] != fit->labels[0])
        return TRUE;
    }
  g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
               "it needs fitted pictures of two classes; there is one");
  return FALSE;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  g_autoptr (CwJob) inner = cw_job_new_inner (job);
  g_autoptr (CwTrainer) trainer = NULL;

  if (!check_classes (input->fit, error))
    return FALSE;
  trainer = make_trainer (params, input, error);
  if (trainer == NULL)
    return FALSE;
  cw_job_set_span (inner, 0, TRAIN_SPAN);
  if (!train (trainer, inner, error))
    return FALSE;
  cw_job_set_span (inner, TRAIN_SPAN, 1);
  return score (trainer, input, scores, inner, error);
}

const CwEvaluatorClass _cw_evaluator_fine_tune = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "fine-tune",
    .label = N_ ("Fine-tuning"),
    .description = N_ ("Trains the whole encoder and a linear classifier with labels and scores the "
                       "classifier: trained is fine-tuned, random_init supervised from scratch, "
                       "pixels take no part"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_LABELS | CW_NEEDS_MODEL,
  .evaluate = evaluate,
};
