/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluation.h"
#include "run/cw-run.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title;
  double seconds; /* the whole chain */
  CwRun *run;     /* ended */
  CwDataset *dataset;
  const CwModel *trained, *random;
  const CwEvaluation *evaluation;
} CwReportInput;

/**
 * cw_report_to_html:
 *
 * (transfer full): a self-contained page: scores with their floors, loss and cosines over the steps,
 * views and warp negatives with their fields, neighbours of six faces before and after training, and
 * the frozen experiment. Pictures of the dataset are in it.
 */
char *cw_report_to_html (const CwReportInput *input, CwJob *job, GError **error);

G_END_DECLS
