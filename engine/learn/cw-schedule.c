/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-schedule.h"

#include <glib/gi18n-lib.h>
#include <math.h>

const CwParamSpec cw_schedule_specs[] = {
  CW_PARAM_FLOAT (CwScheduleParams, epochs, "epochs", N_ ("Epochs"), "", 0.001, 100000, 20,
                  N_ ("How often every picture is seen; may be a fraction")),
  CW_PARAM_INT (CwScheduleParams, batch, "batch", N_ ("Batch"), N_ ("images"), 2, 4096, 64,
                N_ ("Images per step; each gives an anchor, a positive and its warp negatives")),
  CW_PARAM_INT (CwScheduleParams, accumulate, "accumulate", N_ ("Accumulate"), N_ ("batches"), 1,
                4096, 1,
                N_ ("Batches whose mean gradient makes a step; each is contrasted within itself")),
  CW_PARAM_BOOL (CwScheduleParams, recompute, "recompute", N_ ("Recompute"), FALSE,
                 N_ ("Compute activations again instead of keeping them: much less memory, a third "
                     "more time, the same bits")),
  CW_PARAM_FLOAT (CwScheduleParams, warmup_epochs, "warmup", N_ ("Warm-up"), N_ ("epochs"), 0, 1000,
                  1, N_ ("Epochs over which the learning rate rises to its peak")),
  CW_PARAM_FLOAT (CwScheduleParams, ema_momentum, "ema", N_ ("Target momentum"), "", 0, 1, 0.99,
                  N_ ("How slowly the target follows at the start; rises to 1 along a cosine")),
  CW_PARAM_FLOAT (CwScheduleParams, clip_norm, "clip", N_ ("Gradient clipping"), "", 0, 1e6, 0,
                  N_ ("Longest gradient, as norm over all weights; 0 does not clip")),
  CW_PARAM_END,
};

double
cw_schedule_lr (guint64 step, guint64 total, guint64 warmup)
{
  if (step >= total)
    return 0;
  if (step < warmup)
    return (double) (step + 1) / (double) (warmup + 1);
  return 0.5 * (1 + cos (G_PI * (double) (step - warmup) / (double) (total - warmup)));
}

double
cw_schedule_ema (guint64 step, guint64 total, double m0)
{
  if (step >= total)
    return 1;
  return 1 - (1 - m0) * (cos (G_PI * (double) step / (double) total) + 1) / 2;
}

double
cw_schedule_ramp (double epoch, double warmup)
{
  return epoch < warmup ? epoch / warmup : 1;
}

double
cw_schedule_cosine (double epoch, double total, double warmup, double begin, double end)
{
  double done = epoch <= warmup ? 0 : MIN ((epoch - warmup) / (total - warmup), 1);

  return end + (begin - end) * (1 + cos (G_PI * done)) / 2;
}

guint64
cw_schedule_steps (double epochs, guint per_epoch)
{
  return (guint64) llrint (epochs * (double) per_epoch);
}
