/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* Pictures that show one person, or are cut from one photo or recording, are a unit: on two sides, they
 * would give each other away. */

/* (transfer full) `[n]`: the unit of each picture, below *n_units: its person where known, else its source,
 * else itself. @subjects, @sources: `[n]`, -1 = unknown. */
guint32 *_cw_deal_units (const int *subjects, const int *sources, guint n, guint *n_units);

/* Where a unit is. */
typedef enum
{
  CW_DEAL_NONE, /* not dealt yet */
  CW_DEAL_IN,
  CW_DEAL_OUT,
} CwDealSide;

/* Deals the units of @members `[n]`, in that order, until those that are out have @wanted members; none is
 * out that would make it more, unless it is the only way to have any out. Units dealt before stay
 * where they are and count. @units: by picture, as above. @sides: (inout) `[n_units]`. Where each picture is a
 * unit, the first @wanted members are out. */
void     _cw_deal (const guint32 *members, guint n, guint wanted, const guint32 *units, guint n_units,
                   guint8 *sides);
