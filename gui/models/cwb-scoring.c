/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-scoring.h"

#include "util/cwb-dataset-text.h"

#include <glib/gi18n.h>
#include <math.h>

CwbScoring *
cwb_scoring_new (CwbEncoder *encoder, CwDataset *dataset, GStrv protocols, guint64 seed)
{
  CwbScoring *self = g_atomic_rc_box_new0 (CwbScoring);

  self->encoder = cwb_encoder_ref (encoder);
  self->dataset = g_object_ref (dataset);
  self->protocols = protocols;
  self->seed = seed;
  return self;
}

CwbScoring *
cwb_scoring_ref (CwbScoring *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
scoring_clear (gpointer data)
{
  CwbScoring *self = data;

  cwb_encoder_unref (self->encoder);
  g_object_unref (self->dataset);
  g_strfreev (self->protocols);
  cw_evaluation_free (self->evaluation);
  g_free (self->not_kept);
}

void
cwb_scoring_unref (CwbScoring *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, scoring_clear);
}

/* ---- work ---- */

static void
keep_in_run (CwbScoring *self)
{
  const CwEvaluationRecord record = { .path = self->encoder->run,
                                      .model = self->encoder->model,
                                      .network = CW_NETWORK_ONLINE,
                                      .dataset = self->dataset,
                                      .seed = self->seed,
                                      .seen = self->seen,
                                      .evaluation = self->evaluation };
  g_autofree char *json = cw_evaluation_record_to_json (&record);
  g_autoptr (GError) error = NULL;

  if (!cw_evaluation_record_keep (json, self->encoder->run, self->encoder->step, &self->kept, &error))
    self->not_kept = g_strdup (error->message);
}

gboolean
cwb_scoring_run (CwbScoring *self, CwJob *job, GError **error)
{
  const CwModel *m = self->encoder->model;
  g_autoptr (CwModel) random
      = cw_model_new_random (m->encoder, m->params, m->size, m->mean, m->std, self->seed);

  random->norm = m->norm;
  self->evaluation = cw_evaluation_run (m, random, self->dataset,
                                        (const char *const *) self->protocols, NULL, self->seed,
                                        job, error);
  if (self->evaluation == NULL)
    return FALSE;
  self->seen = cw_evaluation_record_find_seen (self->encoder->run, self->dataset);
  if (self->encoder->run != NULL)
    keep_in_run (self);
  return TRUE;
}

/* ---- what it says ---- */

char *
cwb_scoring_dup_title (const CwbScoring *self)
{
  g_autofree char *data = cwb_dataset_dup_title (self->dataset);

  /* Translators: a model, such as "my-run, step 120", and the name of a data set */
  return g_strdup_printf (_ ("%s, on %s"), self->encoder->name, data);
}

gboolean
cwb_scoring_stands_out (const CwEvaluation *evaluation, int p, const char *score)
{
  const CwScores *trained = &evaluation->scores[CW_CONTENDER_TRAINED][p];
  const CwScore *found = cw_scores_find (trained, score);

  if (found == NULL)
    return FALSE;
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      /* NaN, which is no interval, is not above 0. */
      if (c != CW_CONTENDER_TRAINED
          && !(evaluation->differences[c][p][found - trained->scores].low > 0))
        return FALSE;
    }
  return TRUE;
}
