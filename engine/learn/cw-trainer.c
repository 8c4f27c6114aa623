/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-trainer.h"

#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "learn/cw-diagnostics.h"
#include "learn/cw-ema.h"
#include "learn/cw-negative-term.h"
#include "nn/cw-representation.h"

#include <math.h>

/* Beyond this the squares that an optimizer keeps would not fit into a float. */
#define LARGEST_NORM 1e18

struct _CwTrainer
{
  CwRecipe *recipe;
  CwDataset *dataset;
  CwLoader *loader;
  guint64 step, total, warmup;
  guint steps_per_epoch, batches_per_epoch;
  int accumulate;
  int n, n_negatives, dim; /* images, warp negatives of each, width of what is compared */

  CwNet *online_net, *target_net; /* no momentum target: NULL, with all that is the target's */
  CwNode features, compared;
  CwNode projection; /* of the compared where there is no projector */
  CwNode target_out; /* of the target's net, or of the online one where that is its own target */
  int n_target;      /* rows that a momentum target embeds */
  int n_features;
  CwPlan *online_plan, *target_plan;
  CwWeights *online, *target;
  CwEma *ema;

  /* A step that fails is undone from these. */
  float *saved_params, *saved_buffers, *saved_target_buffers, *saved_objective_state;
  float *grads, *slots, *objective_scratch;
  float *objective_state; /* NULL where the objective keeps nothing */
  gsize n_objective_state;
  int *labels; /* [n] of the batch; NULL where the objective needs none */
  double *diagnostics_scratch;
  gsize bytes;
};

/* ---- building ---- */

/* Zeroed; counts the bytes. NULL when memory is short. */
static gpointer
allocate (CwTrainer *trainer, gsize n, gsize size)
{
  gpointer data;

  if (size != 0 && n > G_MAXSIZE / size)
    return NULL;
  /* At least one byte: a net without buffers is no failure. */
  data = cw_ops ()->alloc (MAX (n * size, 1));
  trainer->bytes += n * size;
  return data;
}

/* Weights and plan of one net. */
static gboolean
compile (CwTrainer *trainer, CwNet *net, int batch, CwPlanMode mode, const CwNode *outputs,
         int n_outputs, CwWeights **weights, CwPlan **plan)
{
  *weights = cw_weights_new (net);
  *plan = cw_plan_new (net, batch, mode, outputs, n_outputs);
  if (*weights == NULL || *plan == NULL)
    return FALSE;
  trainer->bytes += cw_plan_get_bytes (*plan);
  trainer->bytes
      += (cw_net_get_params_size (net) + cw_net_get_buffers_size (net)) * sizeof (float);
  return TRUE;
}

/* The mark of what the objective compares. */
static const char *
head_mark (CwHead head)
{
  switch (head)
    {
    case CW_HEAD_PREDICTION:
      return "prediction";
    case CW_HEAD_LOGITS:
      return "logits";
    case CW_HEAD_PROJECTION:
    default:
      return "projection";
    }
}

/* Without a predictor a projection stands for the prediction. */
static CwHead
chosen_head (const CwRecipe *recipe)
{
  CwHead head = recipe->objective->head;

  return head == CW_HEAD_PREDICTION && !cw_recipe_has_predictor (recipe) ? CW_HEAD_PROJECTION
                                                                         : head;
}

static CwNet *
build_net (CwTrainer *trainer, CwHead head)
{
  const CwRecipe *recipe = trainer->recipe;
  int size = recipe->views->preprocess.size;

  if (head == CW_HEAD_LOGITS)
    return cw_encoder_build_classifier (recipe->encoder, recipe->encoder_params, size,
                                        (int) cw_dataset_get_n_labels (trainer->dataset));
  return cw_encoder_build (recipe->encoder, recipe->encoder_params, size, &recipe->heads,
                           head == CW_HEAD_PREDICTION);
}

static gboolean
build_online (CwTrainer *trainer)
{
  const CwRecipe *recipe = trainer->recipe;
  CwHead head = chosen_head (recipe);
  CwNet *net = build_net (trainer, head);
  CwNode outputs[3];
  int n_outputs = 2;

  trainer->online_net = net;
  trainer->features = cw_net_find_mark (net, "features");
  trainer->compared = cw_net_find_mark (net, head_mark (head));
  trainer->projection
      = head == CW_HEAD_LOGITS ? trainer->compared : cw_net_find_mark (net, "projection");
  trainer->n_features = (int) cw_net_node_size (net, trainer->features);
  trainer->dim = (int) cw_net_node_size (net, trainer->compared);
  outputs[0] = trainer->features;
  outputs[1] = trainer->compared;
  if (trainer->projection != trainer->compared)
    outputs[n_outputs++] = trainer->projection;
  if (recipe->objective->target == CW_TARGET_SELF)
    trainer->target_out = trainer->projection;
  if (!compile (trainer, net, (2 + trainer->n_negatives) * trainer->n,
                recipe->schedule.recompute ? CW_PLAN_RECOMPUTE : CW_PLAN_BACKWARD, outputs,
                n_outputs, &trainer->online, &trainer->online_plan))
    return FALSE;
  cw_weights_init (trainer->online, recipe->seed);
  return TRUE;
}

/* The same net without predictor, its weights a copy to begin with; its running statistics are its
 * own and begin fresh. */
static gboolean
build_target (CwTrainer *trainer)
{
  const CwRecipe *recipe = trainer->recipe;
  const CwObjectiveClass *objective = recipe->objective;
  gboolean negatives = objective->target_negatives != NULL
                       && objective->target_negatives (recipe->objective_params);
  CwNet *net;

  if (objective->target != CW_TARGET_MOMENTUM)
    return TRUE;
  net = build_net (trainer, CW_HEAD_PROJECTION);
  trainer->target_net = net;
  trainer->target_out = cw_net_find_mark (net, "projection");
  trainer->n_target = (negatives ? 2 + trainer->n_negatives : 2) * trainer->n;
  g_assert ((int) cw_net_node_size (net, trainer->target_out) == trainer->dim);
  if (!compile (trainer, net, trainer->n_target, CW_PLAN_INFER, &trainer->target_out, 1,
                &trainer->target, &trainer->target_plan))
    return FALSE;
  cw_weights_init (trainer->target, recipe->seed);
  trainer->ema = _cw_ema_new (trainer->online_net, net);
  g_assert (trainer->ema != NULL);
  _cw_ema_update (trainer->ema, 0, trainer->online, trainer->target);
  return TRUE;
}

/* What the objective needs from step to step, and within one. */
static gboolean
build_objective (CwTrainer *trainer)
{
  const CwRecipe *recipe = trainer->recipe;
  const CwObjectiveClass *objective = recipe->objective;
  gsize n_scratch = objective->scratch_size (recipe->objective_params, trainer->n,
                                             trainer->n_negatives, trainer->dim);

  trainer->objective_scratch = allocate (trainer, n_scratch, sizeof (float));
  if (trainer->objective_scratch == NULL)
    return FALSE;
  if (objective->needs_labels)
    trainer->labels = g_new (int, trainer->n);
  if (objective->state_size == NULL)
    return TRUE;
  trainer->n_objective_state = objective->state_size (recipe->objective_params, trainer->dim);
  trainer->objective_state = allocate (trainer, trainer->n_objective_state, sizeof (float));
  trainer->saved_objective_state = allocate (trainer, trainer->n_objective_state, sizeof (float));
  if (trainer->objective_state == NULL || trainer->saved_objective_state == NULL)
    return FALSE;
  objective->init_state (recipe->objective_params, trainer->dim, recipe->seed,
                         trainer->objective_state);
  return TRUE;
}

static gboolean
build_state (CwTrainer *trainer)
{
  const CwRecipe *recipe = trainer->recipe;
  gsize n_params = cw_net_get_params_size (trainer->online_net);
  gsize n_buffers = cw_net_get_buffers_size (trainer->online_net);
  gsize n_target
      = trainer->target_net != NULL ? cw_net_get_buffers_size (trainer->target_net) : 0;
  gsize n_slots = (gsize) recipe->optimizer->n_slots * n_params;

  return (trainer->saved_params = allocate (trainer, n_params, sizeof (float))) != NULL
         && (trainer->saved_buffers = allocate (trainer, n_buffers, sizeof (float))) != NULL
         && (trainer->saved_target_buffers = allocate (trainer, n_target, sizeof (float))) != NULL
         && (trainer->grads = allocate (trainer, n_params, sizeof (float))) != NULL
         && (trainer->slots = allocate (trainer, n_slots, sizeof (float))) != NULL
         && (trainer->diagnostics_scratch
             = allocate (trainer,
                         cw_representation_scratch (CW_DIAGNOSTICS_ROWS,
                                                    MAX (trainer->n_features, trainer->dim)),
                         sizeof (double)))
                != NULL;
}

static gboolean
build_loader (CwTrainer *trainer, CwDataset *dataset, const guint32 *items, guint n_items,
              const CwLoaderOptions *options, CwLoaderRejectFunc reject, gpointer reject_data,
              GError **error)
{
  const CwRecipe *recipe = trainer->recipe;
  const CwScheduleParams *schedule = &recipe->schedule;
  g_autoptr (CwViews) views = cw_views_copy (recipe->views);
  CwLoaderOptions own = *options;
  gsize side = (gsize) recipe->views->preprocess.size;

  /* No view is made that the objective would not look at. */
  views->negatives.count = trainer->n_negatives;
  own.seed = recipe->seed;
  own.batch = trainer->n;
  trainer->loader = cw_loader_new (dataset, items, n_items, views, &own, reject, reject_data,
                                   error);
  if (trainer->loader == NULL)
    return FALSE;
  trainer->bytes += (gsize) (2 + trainer->n_negatives) * (gsize) trainer->n
                    * (gsize) MAX (own.n_ahead, 1) * side * side * 3 * sizeof (float);
  trainer->batches_per_epoch = cw_loader_get_batches_per_epoch (trainer->loader);
  trainer->steps_per_epoch = trainer->batches_per_epoch / (guint) trainer->accumulate;
  if (trainer->steps_per_epoch == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "schedule.accumulate = %d: there are only %u batches of %d an epoch",
                   trainer->accumulate, trainer->batches_per_epoch, trainer->n);
      return FALSE;
    }
  trainer->total
      = MAX (1, cw_schedule_steps ((double) schedule->epochs, trainer->steps_per_epoch));
  trainer->warmup = cw_schedule_steps ((double) schedule->warmup_epochs, trainer->steps_per_epoch);
  return TRUE;
}

/* Labels are what a classifier learns: there have to be two at least, and pictures that have one. */
static gboolean
check_labels (CwTrainer *trainer, const guint32 *items, guint n_items, GError **error)
{
  const CwDescriptor *objective = &trainer->recipe->objective->base;
  CwDataset *dataset = trainer->dataset;
  guint n = items != NULL ? n_items : cw_dataset_get_n_items (dataset), n_labelled = 0;

  if (!trainer->recipe->objective->needs_labels)
    return TRUE;
  for (guint i = 0; i < n; i++)
    n_labelled += cw_dataset_get_item (dataset, items != NULL ? items[i] : i)->label >= 0;
  if (n_labelled > 0 && cw_dataset_get_n_labels (dataset) >= 2)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "objective.type = %s: it learns labels, and %s has %u with %u labelled pictures to "
               "train on; choose another objective or labelled data",
               objective->id, cw_dataset_get_location (dataset),
               cw_dataset_get_n_labels (dataset), n_labelled);
  return FALSE;
}

/* What holds a positive near is the base loss, which does not look at a space of the negatives' own: there
 * a hinge alone is content with views that have nothing to do with each other. */
static gboolean
check_negatives (const CwRecipe *recipe, GError **error)
{
  const CwDescriptor *objective = &recipe->objective->base;
  const CwNegativeTermParams *term
      = cw_objective_get_negative_term (recipe->objective, recipe->objective_params);
  const CwParamSpec *space = cw_params_find (objective->params, "negative-space");

  if (term == NULL || term->negative != CW_NEGATIVE_HINGE || space == NULL
      || (int) cw_params_get_number (space, recipe->objective_params) != CW_NEGATIVE_SPACE_OWN)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "objective.negative = hinge: in a space of its own nothing holds the positive near, so "
               "nothing is learnt; set objective.negative-space = shared, or another form");
  return FALSE;
}

CwTrainer *
cw_trainer_new (const CwRecipe *recipe, CwDataset *dataset, const guint32 *items, guint n_items,
                const CwLoaderOptions *options, CwLoaderRejectFunc reject, gpointer reject_data,
                GError **error)
{
  g_autoptr (CwTrainer) trainer = g_new0 (CwTrainer, 1);

  trainer->recipe = cw_recipe_copy (recipe);
  trainer->n = recipe->schedule.batch;
  trainer->accumulate = recipe->schedule.accumulate;
  trainer->n_negatives = cw_recipe_n_negatives (recipe);
  trainer->dataset = g_object_ref (dataset);
  if (!check_negatives (recipe, error) || !check_labels (trainer, items, n_items, error)
      || !build_loader (trainer, dataset, items, n_items, options, reject, reject_data, error))
    return NULL;
  if (!build_online (trainer) || !build_target (trainer) || !build_state (trainer)
      || !build_objective (trainer))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY,
                   "schedule.batch = %d: not enough memory to train with %d views of %d px each; "
                   "make the batch or the view smaller",
                   trainer->n, 2 + trainer->n_negatives, recipe->views->preprocess.size);
      return NULL;
    }
  return g_steal_pointer (&trainer);
}

void
cw_trainer_free (CwTrainer *trainer)
{
  const CwOps *ops = cw_ops ();

  if (trainer == NULL)
    return;
  g_clear_pointer (&trainer->loader, cw_loader_free);
  g_clear_pointer (&trainer->online_plan, cw_plan_free);
  g_clear_pointer (&trainer->target_plan, cw_plan_free);
  g_clear_pointer (&trainer->ema, _cw_ema_free);
  g_clear_pointer (&trainer->online, cw_weights_free);
  g_clear_pointer (&trainer->target, cw_weights_free);
  g_clear_pointer (&trainer->online_net, cw_net_unref);
  g_clear_pointer (&trainer->target_net, cw_net_unref);
  g_clear_pointer (&trainer->saved_params, ops->free);
  g_clear_pointer (&trainer->saved_buffers, ops->free);
  g_clear_pointer (&trainer->saved_target_buffers, ops->free);
  g_clear_pointer (&trainer->grads, ops->free);
  g_clear_pointer (&trainer->slots, ops->free);
  g_clear_pointer (&trainer->objective_scratch, ops->free);
  g_clear_pointer (&trainer->objective_state, ops->free);
  g_clear_pointer (&trainer->saved_objective_state, ops->free);
  g_clear_pointer (&trainer->labels, g_free);
  g_clear_pointer (&trainer->diagnostics_scratch, ops->free);
  g_clear_object (&trainer->dataset);
  cw_recipe_free (trainer->recipe);
  g_free (trainer);
}

/* ---- a step ---- */

static void
save_state (CwTrainer *trainer)
{
  const CwOps *ops = cw_ops ();

  ops->copy (cw_net_get_params_size (trainer->online_net), trainer->online->params,
             trainer->saved_params);
  ops->copy (cw_net_get_buffers_size (trainer->online_net), trainer->online->buffers,
             trainer->saved_buffers);
  if (trainer->target != NULL)
    ops->copy (cw_net_get_buffers_size (trainer->target_net), trainer->target->buffers,
               trainer->saved_target_buffers);
  ops->copy (trainer->n_objective_state, trainer->objective_state, trainer->saved_objective_state);
}

static void
restore_state (CwTrainer *trainer)
{
  const CwOps *ops = cw_ops ();

  ops->copy (cw_net_get_params_size (trainer->online_net), trainer->saved_params,
             trainer->online->params);
  ops->copy (cw_net_get_buffers_size (trainer->online_net), trainer->saved_buffers,
             trainer->online->buffers);
  if (trainer->target != NULL)
    ops->copy (cw_net_get_buffers_size (trainer->target_net), trainer->saved_target_buffers,
               trainer->target->buffers);
  ops->copy (trainer->n_objective_state, trainer->saved_objective_state, trainer->objective_state);
}

/* The first layer or tensor, in the order of the step, where something is not finite. */
static const char *
find_origin (CwTrainer *trainer)
{
  const CwNet *net = trainer->online_net;
  const char *origin = cw_plan_find_non_finite (trainer->online_plan);

  if (origin == NULL)
    origin = _cw_find_non_finite_buffer (trainer->online);
  if (origin == NULL && trainer->target != NULL)
    origin = cw_plan_find_non_finite (trainer->target_plan);
  if (origin == NULL && trainer->target != NULL)
    origin = _cw_find_non_finite_buffer (trainer->target);
  if (origin == NULL)
    /* Were each tensor's part shorter than this, so would be the whole. */
    origin = _cw_find_long_param (net, trainer->grads,
                                  LARGEST_NORM / sqrt ((double) cw_net_get_n_params (net)));
  if (origin == NULL)
    origin = _cw_find_long_param (net, trainer->online->params, (double) INFINITY);
  return origin;
}

/* Undoes the step and says what was not finite, and where it began. Returns FALSE. */
static gboolean
diverged (CwTrainer *trainer, const char *what, GError **error)
{
  const char *origin = find_origin (trainer);

  g_set_error (error, CW_ERROR, CW_ERROR_DIVERGED,
               "step %" G_GUINT64_FORMAT ": %s not finite%s%s; lower optimizer.lr or set "
               "schedule.clip",
               trainer->step, what, origin != NULL ? ", first in " : "",
               origin != NULL ? origin : "");
  restore_state (trainer);
  return FALSE;
}

/* Factor of the warp-negative term at this step: up from 0 over the warm-up, then to its end. */
static double
negative_weight (const CwTrainer *trainer)
{
  const CwNegativeTermParams *term = cw_objective_get_negative_term (
      trainer->recipe->objective, trainer->recipe->objective_params);
  double per_epoch = (double) trainer->steps_per_epoch;
  double epoch = (double) trainer->step / per_epoch, begin, end, warmup;

  if (term == NULL)
    return 0;
  begin = (double) term->negative_weight;
  end = term->negative_weight_end < 0 ? begin : (double) term->negative_weight_end;
  warmup = (double) term->negative_warmup;
  return cw_schedule_ramp (epoch, warmup)
         * cw_schedule_cosine (epoch, (double) trainer->total / per_epoch, warmup, begin, end);
}

/* Both forward passes and the loss, whose gradient is left in the online plan. All views go through
 * the online net as one batch: were the warped ones on their own, the batch's statistics would tell
 * them apart. */
static void
forward (CwTrainer *trainer, const float *pixels, const int *labels, CwObjectiveOutput *output)
{
  const CwRecipe *recipe = trainer->recipe;
  CwObjectiveInput input = {
    .n = trainer->n,
    .n_negatives = trainer->n_negatives,
    .dim = trainer->dim,
    .labels = labels,
    .negative_weight = (float) negative_weight (trainer),
    .state = trainer->objective_state,
    .scratch = trainer->objective_scratch,
  };

  cw_plan_forward (trainer->online_plan, trainer->online, pixels,
                   (2 + trainer->n_negatives) * trainer->n, TRUE);
  input.online = cw_plan_get_output (trainer->online_plan, trainer->compared);
  if (recipe->objective->target == CW_TARGET_SELF)
    input.target = cw_plan_get_output (trainer->online_plan, trainer->target_out);
  else if (trainer->target != NULL)
    {
      /* Views 0 and 1 are the first ones of the batch. */
      cw_plan_forward (trainer->target_plan, trainer->target, pixels, trainer->n_target, TRUE);
      input.target = cw_plan_get_output (trainer->target_plan, trainer->target_out);
    }
  output->d_online = cw_plan_get_output_grad (trainer->online_plan, trainer->compared);
  recipe->objective->evaluate (recipe->objective_params, &input, output);
}

typedef struct
{
  float *values;
  size_t n;
  float factor;
} Scaling;

#define SCALE_BLOCK ((size_t) 65536)

static void
scale_block (int block, int worker, void *data)
{
  const Scaling *scaling = data;
  size_t from = (size_t) block * SCALE_BLOCK;
  size_t to = MIN (from + SCALE_BLOCK, scaling->n);

  for (size_t i = from; i < to; i++)
    scaling->values[i] *= scaling->factor;
}

static void
clip (CwTrainer *trainer, double norm)
{
  double longest = (double) trainer->recipe->schedule.clip_norm;
  Scaling scaling = { trainer->grads, cw_net_get_params_size (trainer->online_net), 1 };

  if (longest <= 0 || norm <= longest)
    return;
  scaling.factor = (float) (longest / norm);
  cw_parallel_for ((int) ((scaling.n + SCALE_BLOCK - 1) / SCALE_BLOCK), scale_block, &scaling);
}

/* From @grads: update, target; fills in what they know of @record. */
static gboolean
update (CwTrainer *trainer, CwStepRecord *record, GError **error)
{
  const CwOps *ops = cw_ops ();
  const CwRecipe *recipe = trainer->recipe;
  const CwOptimizerCommon *common = recipe->optimizer_params;
  size_t n_params = cw_net_get_params_size (trainer->online_net);

  record->grad_norm = sqrt (ops->sum_squares (n_params, trainer->grads));
  if (!(record->grad_norm < LARGEST_NORM))
    return diverged (trainer, "the gradient is", error);
  clip (trainer, record->grad_norm);

  record->lr
      = (double) common->lr * cw_schedule_lr (trainer->step, trainer->total, trainer->warmup);
  recipe->optimizer->step (recipe->optimizer_params, trainer->online_net, trainer->online->params,
                           trainer->grads, trainer->slots, (float) record->lr, trainer->step + 1);
  record->weight_norm = sqrt (ops->sum_squares (n_params, trainer->online->params));
  if (!isfinite (record->weight_norm))
    return diverged (trainer, "the updated weights are", error);

  record->momentum = (double) NAN;
  if (trainer->target != NULL)
    {
      record->momentum = cw_schedule_ema (trainer->step, trainer->total,
                                          (double) recipe->schedule.ema_momentum);
      _cw_ema_update (trainer->ema, (float) record->momentum, trainer->online, trainer->target);
    }
  return TRUE;
}

/* Adds one batch of several to the record. */
static void
record_objective (CwTrainer *trainer, const CwObjectiveOutput *output, CwStepRecord *record)
{
  double share = 1.0 / trainer->accumulate, negative = (double) NAN;

  record->loss += share * output->loss;
  for (int i = 0; i < output->n_terms; i++)
    {
      if (g_str_equal (output->terms[i].name, "negative"))
        negative = output->terms[i].value;
      else
        record->loss_positive += share * output->terms[i].value;
    }
  record->loss_negative += share * negative;
  record->cos_positive += share * output->cos_positive;
  record->cos_base += share * (output->splits ? output->cos_base : output->cos_positive);
  record->cos_negative += share * output->cos_negative;
  record->notices += share * output->notices;
}

/* Adds what is measured of the features and projections of one batch of several. */
static void
record_diagnostics (CwTrainer *trainer, CwStepRecord *record)
{
  const float *features = cw_plan_get_output (trainer->online_plan, trainer->features);
  const float *projection = cw_plan_get_output (trainer->online_plan, trainer->projection);
  double share = 1.0 / trainer->accumulate, *scratch = trainer->diagnostics_scratch;
  int n_features = trainer->n_features, dim = trainer->dim;
  size_t all = (size_t) trainer->n, n = MIN (all, CW_DIAGNOSTICS_ROWS);
  size_t view = all * (size_t) n_features;
  CwWarpNotice notice;

  record->feature_std += share * cw_feature_std (all, n_features, features, scratch);
  record->projection_std += share * cw_feature_std (all, dim, projection, scratch);
  if (trainer->step % CW_DIAGNOSTICS_EVERY != 0)
    {
      record->feature_rank = record->projection_rank = record->dead_features = (double) NAN;
      record->alignment = record->uniformity = (double) NAN;
      record->warp_margin = record->warp_auc = (double) NAN;
      return;
    }
  record->feature_rank += share * cw_rank_me (n, n_features, features, scratch);
  record->projection_rank += share * cw_rank_me (n, dim, projection, scratch);
  record->dead_features += share * cw_dead_share (all, n_features, features);
  record->alignment
      += share * cw_alignment (n, dim, projection, projection + all * (size_t) dim);
  record->uniformity += share * cw_uniformity (n, dim, projection, scratch);
  notice = cw_warp_notice (n, n_features, features, features + view, features + 2 * view,
                           trainer->n_negatives, all, scratch);
  record->warp_margin += share * notice.margin;
  record->warp_auc += share * notice.auc;
}

/* Of the @i-th batch of a step. The batches left over at the end of an epoch are left out. */
static guint64
batch_number (const CwTrainer *trainer, int i)
{
  guint64 epoch = trainer->step / trainer->steps_per_epoch;
  guint64 first = trainer->step % trainer->steps_per_epoch * (guint64) trainer->accumulate;

  return epoch * trainer->batches_per_epoch + first + (guint64) i;
}

/* Loss and gradient of one batch, added to @record and @grads. */
static gboolean
run_batch (CwTrainer *trainer, const float *pixels, const int *labels, CwStepRecord *record,
           GError **error)
{
  CwObjectiveOutput output = { 0 };
  size_t n_compared = (size_t) (2 + trainer->n_negatives) * (size_t) trainer->n
                      * (size_t) trainer->dim;

  forward (trainer, pixels, labels, &output);
  record_objective (trainer, &output, record);
  record_diagnostics (trainer, record);
  if (!isfinite (output.loss))
    return diverged (trainer, "the loss is", error);
  /* A variance that overflows leaves no trace in the loss, but a model that cannot embed. */
  if (!_cw_buffers_finite (trainer->online)
      || (trainer->target != NULL && !_cw_buffers_finite (trainer->target)))
    return diverged (trainer, "the running statistics are", error);
  for (size_t i = 0; trainer->accumulate > 1 && i < n_compared; i++)
    output.d_online[i] /= (float) trainer->accumulate;
  cw_plan_backward (trainer->online_plan, trainer->online, trainer->grads, NULL);
  return TRUE;
}

static void
begin_step (CwTrainer *trainer, CwStepRecord *record)
{
  *record = (CwStepRecord){ .step = trainer->step,
                            .epoch = (double) trainer->step / (double) trainer->steps_per_epoch };
  save_state (trainer);
  cw_ops ()->fill (cw_net_get_params_size (trainer->online_net), 0, trainer->grads);
}

static void
finish_step (CwTrainer *trainer, gint64 started, double wait, CwStepRecord *record)
{
  double seconds = (double) MAX (g_get_monotonic_time () - started, 1) / G_USEC_PER_SEC;

  record->images_per_second = trainer->n * trainer->accumulate / seconds;
  record->wait_share = wait / seconds;
  trainer->step++;
}

/* Fills in the labels of a batch; lends them, NULL where the objective needs none. */
static const int *
take_labels (CwTrainer *trainer, const CwBatch *batch)
{
  if (trainer->labels == NULL)
    return NULL;
  for (int i = 0; i < batch->n; i++)
    trainer->labels[i] = cw_dataset_get_item (trainer->dataset, batch->items[i])->label;
  return trainer->labels;
}

static const int *
take_no_labels (CwTrainer *trainer)
{
  for (int i = 0; trainer->labels != NULL && i < trainer->n; i++)
    trainer->labels[i] = -1;
  return trainer->labels;
}

/* Takes the batches of a step and adds up their gradients; @wait: seconds waited for them. */
static gboolean
run_batches (CwTrainer *trainer, double *wait, CwStepRecord *record, GError **error)
{
  for (int i = 0; i < trainer->accumulate; i++)
    {
      double seconds = 0;
      CwBatch *batch = cw_loader_take (trainer->loader, &seconds, error);
      gboolean ok;

      *wait += seconds;
      if (batch == NULL)
        {
          restore_state (trainer);
          return FALSE;
        }
      g_assert (batch->n == trainer->n && batch->n_views == 2 + trainer->n_negatives);
      ok = run_batch (trainer, batch->pixels, take_labels (trainer, batch), record, error);
      cw_loader_release (trainer->loader, batch);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

gboolean
cw_trainer_step (CwTrainer *trainer, CwStepRecord *record, GError **error)
{
  gint64 started = g_get_monotonic_time ();
  double wait = 0;

  begin_step (trainer, record);
  if (!run_batches (trainer, &wait, record, error) || !update (trainer, record, error))
    {
      /* The same batches again, should anybody try. */
      cw_loader_seek (trainer->loader, batch_number (trainer, 0));
      return FALSE;
    }
  finish_step (trainer, started, wait, record);
  if (trainer->batches_per_epoch % (guint) trainer->accumulate != 0
      && trainer->step % trainer->steps_per_epoch == 0)
    cw_loader_seek (trainer->loader, batch_number (trainer, 0));
  return TRUE;
}

gboolean
cw_trainer_step_on (CwTrainer *trainer, const float *pixels, const int *labels,
                    CwStepRecord *record, GError **error)
{
  gint64 started = g_get_monotonic_time ();
  gsize side = (gsize) trainer->recipe->views->preprocess.size;
  gsize batch = (gsize) (2 + trainer->n_negatives) * (gsize) trainer->n * side * side * 3;

  begin_step (trainer, record);
  for (int i = 0; i < trainer->accumulate; i++)
    {
      const int *own = labels != NULL ? labels + i * trainer->n : take_no_labels (trainer);

      if (!run_batch (trainer, pixels + (gsize) i * batch, own, record, error))
        return FALSE;
    }
  if (!update (trainer, record, error))
    return FALSE;
  finish_step (trainer, started, 0, record);
  return TRUE;
}

/* ---- the rest ---- */

guint64
cw_trainer_get_step (CwTrainer *trainer)
{
  return trainer->step;
}

guint64
cw_trainer_get_total_steps (CwTrainer *trainer)
{
  return trainer->total;
}

guint
cw_trainer_get_steps_per_epoch (CwTrainer *trainer)
{
  return trainer->steps_per_epoch;
}

gsize
cw_trainer_get_bytes (CwTrainer *trainer)
{
  return trainer->bytes;
}

CwModel *
cw_trainer_copy_model (CwTrainer *trainer)
{
  const CwRecipe *recipe = trainer->recipe;
  const CwPreprocess *preprocess = &recipe->views->preprocess;
  g_autofree char *origin = g_strdup_printf ("step %" G_GUINT64_FORMAT, trainer->step);
  CwModel *model = cw_model_new (recipe->encoder, recipe->encoder_params, preprocess->size,
                                 preprocess->mean, preprocess->std, origin);

  model->step = trainer->step;
  cw_weights_copy_shared (model->weights, trainer->online);
  return model;
}

CwWeights *
cw_trainer_get_online (CwTrainer *trainer)
{
  return trainer->online;
}

CwWeights *
cw_trainer_get_target (CwTrainer *trainer)
{
  return trainer->target;
}

float *
cw_trainer_get_slot (CwTrainer *trainer, int slot, const char **name)
{
  const CwOptimizerClass *optimizer = trainer->recipe->optimizer;

  if (slot < 0 || slot >= optimizer->n_slots)
    return NULL;
  if (name != NULL)
    *name = optimizer->slot_names[slot];
  return trainer->slots + (gsize) slot * cw_net_get_params_size (trainer->online_net);
}

float *
cw_trainer_get_objective_state (CwTrainer *trainer, gsize *n)
{
  *n = trainer->n_objective_state;
  return trainer->objective_state;
}

void
cw_trainer_set_step (CwTrainer *trainer, guint64 step)
{
  trainer->step = step;
  cw_loader_seek (trainer->loader, batch_number (trainer, 0));
}
