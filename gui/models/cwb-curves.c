/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-curves.h"

#include <glib/gi18n.h>
#include <math.h>

static const struct
{
  const char *label;
  gsize offset;
} measures[] = {
  { N_ ("Loss"), offsetof (CwStepRecord, loss) },
  { N_ ("Similarity of the positive"), offsetof (CwStepRecord, cos_positive) },
  { N_ ("Similarity of the warp negative"), offsetof (CwStepRecord, cos_negative) },
  { N_ ("How often the warp is noticed (AUC)"), offsetof (CwStepRecord, warp_auc) },
  { N_ ("Spread of the features"), offsetof (CwStepRecord, feature_std) },
  { N_ ("Rank of the features (RankMe)"), offsetof (CwStepRecord, feature_rank) },
  { N_ ("Alignment"), offsetof (CwStepRecord, alignment) },
  { N_ ("Uniformity"), offsetof (CwStepRecord, uniformity) },
  { N_ ("Norm of the gradient"), offsetof (CwStepRecord, grad_norm) },
  { N_ ("Learning rate"), offsetof (CwStepRecord, lr) },
};

guint
cwb_curves_get_n_measures (void)
{
  return G_N_ELEMENTS (measures);
}

const char *
cwb_curves_get_measure (guint measure)
{
  g_return_val_if_fail (measure < G_N_ELEMENTS (measures), NULL);

  return _ (measures[measure].label);
}

gboolean
cwb_curves_add (CwbChartModel *chart, const GArray *records, guint measure, const char *name)
{
  guint series = cwb_chart_model_add_series (chart, name);
  guint per_point = (records->len + CWB_CURVES_POINTS - 1) / CWB_CURVES_POINTS;
  gboolean any = FALSE;

  g_return_val_if_fail (measure < G_N_ELEMENTS (measures), FALSE);

  for (guint first = 0; first < records->len; first += per_point)
    {
      guint end = MIN (first + per_point, records->len), n = 0;
      double sum = 0;

      for (guint i = first; i < end; i++)
        {
          const CwStepRecord *record = &g_array_index (records, CwStepRecord, i);
          double value = G_STRUCT_MEMBER (double, record, measures[measure].offset);

          if (!isfinite (value))
            continue;
          sum += value;
          n++;
        }
      if (n == 0)
        continue;
      any = TRUE;
      cwb_chart_model_append (chart, series,
                              (double) g_array_index (records, CwStepRecord, end - 1).step, sum / n);
    }
  return any;
}
