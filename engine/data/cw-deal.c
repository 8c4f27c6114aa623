/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-deal.h"

static guint
count (const int *values, guint n)
{
  int max = -1;

  for (guint i = 0; i < n; i++)
    max = MAX (max, values[i]);
  return (guint) (max + 1);
}

guint32 *
_cw_deal_units (const int *subjects, const int *sources, guint n, guint *n_units)
{
  guint n_subjects = count (subjects, n), n_sources = count (sources, n);
  guint32 *units = g_new (guint32, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    units[i] = subjects[i] >= 0  ? (guint32) subjects[i]
               : sources[i] >= 0 ? n_subjects + (guint32) sources[i]
                                 : n_subjects + n_sources + i;
  *n_units = n_subjects + n_sources + n;
  return units;
}

/* The smallest unit that was dealt just now goes out, if another stays in. */
static void
force_one_out (const GArray *dealt, const guint *sizes, guint n_in, guint8 *sides)
{
  guint32 smallest = 0;

  if (dealt->len == 0)
    return;
  smallest = g_array_index (dealt, guint32, 0);
  for (guint i = 1; i < dealt->len; i++)
    {
      guint32 unit = g_array_index (dealt, guint32, i);

      if (sizes[unit] < sizes[smallest])
        smallest = unit;
    }
  if (n_in > sizes[smallest])
    sides[smallest] = CW_DEAL_OUT;
}

void
_cw_deal (const guint32 *members, guint n, guint wanted, const guint32 *units, guint n_units,
          guint8 *sides)
{
  g_autofree guint *sizes = g_new0 (guint, MAX (n_units, 1)); /* in @members */
  g_autoptr (GArray) dealt = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n_in = 0, n_out = 0;

  for (guint i = 0; i < n; i++)
    {
      guint32 unit = units[members[i]];

      sizes[unit]++;
      n_in += sides[unit] == CW_DEAL_IN;
      n_out += sides[unit] == CW_DEAL_OUT;
    }
  for (guint i = 0; i < n; i++)
    {
      guint32 unit = units[members[i]];

      if (sides[unit] != CW_DEAL_NONE)
        continue;
      if (n_out + sizes[unit] <= wanted)
        {
          sides[unit] = CW_DEAL_OUT;
          n_out += sizes[unit];
        }
      else
        {
          sides[unit] = CW_DEAL_IN;
          n_in += sizes[unit];
          g_array_append_val (dealt, unit);
        }
    }
  if (n_out == 0 && wanted > 0)
    force_one_out (dealt, sizes, n_in, sides);
}
