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

/* NaN where no record from @first to before @end has a figure. */
static double
get_mean (const GArray *records, guint first, guint end, gsize offset)
{
  double sum = 0;
  guint n = 0;

  for (guint i = first; i < end; i++)
    {
      double value = G_STRUCT_MEMBER (double, &g_array_index (records, CwStepRecord, i), offset);

      if (!isfinite (value))
        continue;
      sum += value;
      n++;
    }
  return n > 0 ? sum / n : (double) NAN;
}

GArray *
cwb_curves_reduce (const GArray *records)
{
  guint per_point = (records->len + CWB_CURVES_POINTS - 1) / CWB_CURVES_POINTS;
  GArray *points = g_array_new (FALSE, TRUE, sizeof (CwStepRecord));

  for (guint first = 0; first < records->len; first += per_point)
    {
      guint end = MIN (first + per_point, records->len);
      CwStepRecord point = { .step = g_array_index (records, CwStepRecord, end - 1).step };

      for (gsize m = 0; m < G_N_ELEMENTS (measures); m++)
        G_STRUCT_MEMBER (double, &point, measures[m].offset)
            = get_mean (records, first, end, measures[m].offset);
      g_array_append_val (points, point);
    }
  return points;
}

void
cwb_curves_append (CwbChartModel *chart, guint series, const GArray *points, guint measure)
{
  g_return_if_fail (measure < G_N_ELEMENTS (measures));

  for (guint i = 0; i < points->len; i++)
    {
      const CwStepRecord *point = &g_array_index (points, CwStepRecord, i);

      cwb_chart_model_append (chart, series, (double) point->step,
                              G_STRUCT_MEMBER (double, point, measures[measure].offset));
    }
}
