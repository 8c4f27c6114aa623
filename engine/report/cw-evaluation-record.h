/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluation.h"
#include "eval/cw-robustness.h"
#include "run/cw-checkpoint.h"

G_BEGIN_DECLS

/**
 * CwEvaluationRecord:
 *
 * An evaluation and what it was of, as it is printed and kept.
 */
typedef struct
{
  const char *path; /* of the model, as it was chosen; NULL = not from a file */
  const CwModel *model;
  CwNetwork network;
  CwDataset *dataset;
  guint64 seed;
  gboolean seen; /* cw_evaluation_record_find_seen() */
  const CwEvaluation *evaluation;
  const CwRobustness *robustness; /* (nullable) */
} CwEvaluationRecord;

/* (transfer full): the object that `contrawarp evaluate --json` prints. A file or folder of the data has
 * its absolute path. */
char    *cw_evaluation_record_to_json (const CwEvaluationRecord *record);

/**
 * cw_evaluation_record_find_seen:
 * @run: (nullable): the folder of the model's run
 *
 * Returns: whether the run is known to have been trained, without labels, on the pictures of @dataset that are
 *   scored, too: on all of these data, or on a split other than "train"
 */
gboolean cw_evaluation_record_find_seen (const char *run, CwDataset *dataset);

/**
 * cw_evaluation_record_keep:
 * @json: of cw_evaluation_record_to_json()
 * @run: the run's folder
 * @step: how many steps the model was trained
 * @kept: (out): whether @run keeps it now: not where the folder is no run but has checkpoints alone
 *
 * Returns: FALSE with one line where the run cannot take it
 */
gboolean cw_evaluation_record_keep (const char *json, const char *run, guint64 step, gboolean *kept,
                                    GError **error);

/* Of a score in @json, a record: by its units, which tell of scores that are no shares; of an older one, without
 * them, by the id. */
CwScoreUnit cw_evaluation_record_find_unit (JsonObject *json, const char *protocol, const char *id);

G_END_DECLS
