/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-encoder.h"

#include <contrawarp.h>

G_BEGIN_DECLS

/**
 * CwbScoring:
 *
 * An evaluation with what it is of: which encoder, on which faces, by which protocols. Reference counted;
 * immutable once run, and then any number of threads may read it.
 */
typedef struct
{
  CwbEncoder *encoder;
  CwDataset *dataset;
  GStrv protocols;
  guint64 seed;             /* of splits and of the random-init floor */
  CwEvaluation *evaluation; /* NULL until cwb_scoring_run() */
  gboolean seen;            /* the encoder's run was trained on what is scored, too */
  gboolean kept;            /* the encoder's run has it */
  char *not_kept;           /* (nullable): why not, where it should */
} CwbScoring;

/* @protocols: (transfer full) */
CwbScoring *cwb_scoring_new (CwbEncoder *encoder, CwDataset *dataset, GStrv protocols,
                             guint64 seed);
CwbScoring *cwb_scoring_ref (CwbScoring *self);
void        cwb_scoring_unref (CwbScoring *self);
/* Once, for a worker thread. What was found is also written into the encoder's run, as `contrawarp
 * evaluate` does; where that fails, it says so in @not_kept. */
gboolean    cwb_scoring_run (CwbScoring *self, CwJob *job, GError **error);
/* (transfer full): "RUN, step N, on DATA SET". */
char       *cwb_scoring_dup_title (const CwbScoring *self);
/* Whether the trained encoder is better than both floors in a score of protocol @p, of which more is better:
 * the intervals of both differences are above 0. */
gboolean    cwb_scoring_stands_out (const CwEvaluation *evaluation, int p, const char *score);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbScoring, cwb_scoring_unref)

G_END_DECLS
