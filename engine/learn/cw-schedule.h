/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-params.h"

G_BEGIN_DECLS

/* [schedule] of an experiment. */
typedef struct
{
  float epochs;
  int batch;
  int accumulate;      /* batches whose mean gradient makes a step */
  int recompute;       /* boolean: CW_PLAN_RECOMPUTE; changes no bit */
  float warmup_epochs;
  float ema_momentum; /* of the target at the start; rises to 1 along a cosine */
  float clip_norm;    /* of the whole gradient; 0 = off */
} CwScheduleParams;

extern const CwParamSpec cw_schedule_specs[];

/* Factor of the learning rate at @step of @total (from 0): linear over @warmup steps, (step + 1) /
 * (warmup + 1), so that none is wasted and step @warmup has 1; then a half cosine down to 0 at
 * @total. */
double cw_schedule_lr (guint64 step, guint64 total, guint64 warmup);
/* m = 1 - (1 - m0) (cos (pi k / K) + 1) / 2 (BYOL, Grill et al. 2020). */
double cw_schedule_ema (guint64 step, guint64 total, double m0);
/* Factor of a weight at @epoch (fractional) that rises linearly from 0 over @warmup epochs. */
double cw_schedule_ramp (double epoch, double warmup);
/* From @begin at the end of @warmup to @end at @total along a half cosine, @begin before. */
double cw_schedule_cosine (double epoch, double total, double warmup, double begin, double end);
/* Steps of @epochs (fractional) at @per_epoch, rounded. */
guint64 cw_schedule_steps (double epochs, guint per_epoch);

G_END_DECLS
