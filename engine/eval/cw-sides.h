/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluation.h"

/* One contender's features of the pictures to fit on and of those to score; NULL where it does not
 * take part. */
typedef struct
{
  CwFeatures *fit, *score;
  const CwModel *model; /* what embedded them; NULL: pixels */
} CwSides;

/* What became of the pictures; the same for every contender. */
typedef struct
{
  const char *split; /* which rule chose the sides, one line */
  guint n_skipped, n_copies_removed;
  guint n_shared; /* scored ones with a photo or recording in common with one to fit on */
} CwSidesReport;

/* Embeds both sides for all contenders; scored pictures that are exact copies of what could be
 * trained on are left out. @random: (nullable). @labelled: only pictures with a label. @share: how
 * much of @job's progress this is. @sides is to be cleared whatever the outcome. CW_ERROR_EMPTY where
 * nothing is left to score. */
gboolean _cw_sides_embed (const CwModel *model, const CwModel *random, CwDataset *dataset,
                          gboolean labelled, guint64 seed, double share, CwSides sides[CW_N_CONTENDERS],
                          CwSidesReport *report, CwJob *job, GError **error);
void     _cw_sides_clear (CwSides sides[CW_N_CONTENDERS]);
