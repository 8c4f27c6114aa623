/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-ema.h"

/* Floats that lie side by side in both blocks, the padding between tensors included. */
typedef struct
{
  size_t online, target, size;
} Range;

struct _CwEma
{
  GArray *ranges; /* of Range */
};

static const CwTensorInfo *
find_param (const CwNet *net, const char *name)
{
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      if (g_str_equal (cw_net_get_param (net, i)->name, name))
        return cw_net_get_param (net, i);
    }
  return NULL;
}

static void
add_tensor (GArray *ranges, const CwTensorInfo *online, const CwTensorInfo *target)
{
  Range range = { online->offset, target->offset, target->size };
  Range *last = ranges->len > 0 ? &g_array_index (ranges, Range, ranges->len - 1) : NULL;

  /* The nets are built alike, so that in practice one range is all. */
  if (last != NULL && range.target >= last->target + last->size
      && range.target - last->target == range.online - last->online)
    last->size = range.target + range.size - last->target;
  else
    g_array_append_val (ranges, range);
}

CwEma *
_cw_ema_new (const CwNet *online, const CwNet *target)
{
  CwEma *ema = g_new0 (CwEma, 1);

  ema->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  for (guint i = 0; i < cw_net_get_n_params (target); i++)
    {
      const CwTensorInfo *to = cw_net_get_param (target, i);
      const CwTensorInfo *from = find_param (online, to->name);

      if (from == NULL || from->size != to->size)
        {
          _cw_ema_free (ema);
          return NULL;
        }
      add_tensor (ema->ranges, from, to);
    }
  return ema;
}

void
_cw_ema_free (CwEma *ema)
{
  if (ema == NULL)
    return;
  g_array_unref (ema->ranges);
  g_free (ema);
}

void
_cw_ema_update (const CwEma *ema, float momentum, const CwWeights *online, CwWeights *target)
{
  const CwOps *ops = cw_ops ();

  for (guint i = 0; i < ema->ranges->len; i++)
    {
      const Range *range = &g_array_index (ema->ranges, Range, i);

      ops->lerp (range->size, momentum, online->params + range->online,
                 target->params + range->target);
    }
}
