/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-label-share.h"

#include "base/cw-rng.h"
#include "eval/cw-evaluator-private.h"

CwFeatures *
_cw_label_share_draw (const CwFeatures *features, int n_classes, double percent, guint64 seed,
                      guint draw)
{
  g_autofree guint32 *chosen = g_new (guint32, MAX (features->n, 1));
  g_autofree guint32 *members = g_new (guint32, MAX (features->n, 1));
  guint n_chosen = 0;

  for (int c = 0; c < n_classes; c++)
    {
      CwRng rng = cw_rng_new (seed, CW_RNG_EVAL, CW_EVAL_LABEL_SHARE, draw, (uint32_t) c, 0);
      guint n = 0, n_out;

      for (guint i = 0; i < features->n; i++)
        {
          if (features->labels[i] == c)
            members[n++] = i;
        }
      cw_rng_shuffle (&rng, members, n);
      n_out = MIN (n, MAX ((guint) ((n * percent + 50) / 100), 1));
      for (guint i = 0; i < n_out; i++)
        chosen[n_chosen++] = members[i];
    }
  return cw_features_select (features, chosen, n_chosen);
}
