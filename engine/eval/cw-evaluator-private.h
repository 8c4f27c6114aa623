/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluator.h"

extern const CwEvaluatorClass _cw_evaluator_linear;
extern const CwEvaluatorClass _cw_evaluator_knn;
extern const CwEvaluatorClass _cw_evaluator_retrieval;
extern const CwEvaluatorClass _cw_evaluator_low_shot;
extern const CwEvaluatorClass _cw_evaluator_valence_arousal;
extern const CwEvaluatorClass _cw_evaluator_identity;
extern const CwEvaluatorClass _cw_evaluator_triplets;
extern const CwEvaluatorClass _cw_evaluator_factors;
extern const CwEvaluatorClass _cw_evaluator_fine_tune;

/* The streams of CW_RNG_EVAL: what its step is. Never renumber. */
enum
{
  CW_EVAL_HOLD_SUBJECTS = 0,
  CW_EVAL_HOLD_CLASSES = 1,
  CW_EVAL_BOOTSTRAP = 2, /* item: the resample */
  CW_EVAL_LABEL_SHARE = 3, /* epoch: the draw; item: the class */
  CW_EVAL_HALVES = 4,    /* item: the person */
  CW_EVAL_PERSONS = 5,
  CW_EVAL_PICTURES = 6,
  CW_EVAL_AXES = 7, /* where principal axes are looked for from */
  CW_EVAL_DISTURBANCES = 16, /* from here on, one each; item: the picture */
};

/* Scores are means over the rows of @features from now on; persons, or else sources, are its groups. */
void     _cw_scores_start (CwScores *scores, const CwFeatures *features);
/* Accuracy, macro recall, macro F1 and confusion of @answers to @features' labels. */
void     _cw_scores_add_answers (CwScores *scores, const CwFeatures *features, const int *answers,
                                 int n_classes);
/* (transfer none): @format with its % in place of a number: the id of a score that carries one. */
const char *_cw_scores_id (const char *format, int number);
/* Row @row of @a and row @other of @b show the same pixels, or are known to be of one photo or
 * recording: never each other's neighbours. */
gboolean _cw_evaluator_is_copy (const CwFeatures *a, guint row, const CwFeatures *b, guint other);
gboolean _cw_evaluator_is_same_subject (const CwFeatures *a, guint row, const CwFeatures *b,
                                        guint other);
