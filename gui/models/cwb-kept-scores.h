/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-encoder.h"

G_BEGIN_DECLS

/**
 * cwb_kept_scores_dup_text:
 * @encoder: of a run
 *
 * What the run keeps of an earlier evaluation of @encoder on the same pictures: the scores that say the most, one
 * to a line. For a worker thread.
 *
 * Returns: (transfer full) (nullable): NULL without an error where it was not evaluated like this; of a run that
 *   was evaluated at several steps, where @encoder is not of the last of them
 */
char *cwb_kept_scores_dup_text (const CwbEncoder *encoder, CwDataset *dataset, CwJob *job,
                                GError **error);

G_END_DECLS
