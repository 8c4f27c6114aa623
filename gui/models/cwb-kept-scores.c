/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-kept-scores.h"

#include "models/cwb-score-text.h"

#include <string.h>

static void
append_scores (GString *text, const CwComparison *comparison, const CwComparedEvaluation *e)
{
  g_autoptr (GPtrArray) scores = cw_comparison_list_scores (comparison, e);

  for (guint s = 0; s < scores->len; s++)
    {
      const CwComparedScore *score = scores->pdata[s];
      g_autofree char *label = cw_score_dup_label (score->protocol, score->id);
      g_autofree char *value
          = cwb_score_text_dup_value (score->values[CW_CONTENDER_TRAINED][0], score->unit);

      if (cwb_score_text_find (score->protocol, score->id) != NULL)
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", label, value);
    }
}

char *
cwb_kept_scores_dup_text (const CwbEncoder *encoder, CwDataset *dataset, CwJob *job, GError **error)
{
  const char *const folders[] = { encoder->run };
  g_autoptr (CwComparison) comparison = cw_comparison_new (folders, 1, job, error);
  g_autofree char *fingerprint = cw_dataset_dup_fingerprint (dataset);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; comparison != NULL && i < comparison->evaluations->len; i++)
    {
      const CwComparedEvaluation *e = comparison->evaluations->pdata[i];

      if (strcmp (e->fingerprint, fingerprint) == 0 && e->steps[0] == (gint64) encoder->step)
        append_scores (text, comparison, e);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
