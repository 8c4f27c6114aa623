/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-csv.h"
#include "data/cw-npy.h"

G_BEGIN_DECLS

/* What writing and reading packs share. */

/* The first columns of the table. */
enum
{
  CW_PACK_PATH,
  CW_PACK_LABEL,
  CW_PACK_SUBJECT,
  CW_PACK_SPLIT,
  CW_PACK_N_FIXED,
};

/* Behind them, where a source is known. */
#define CW_PACK_SOURCE_COLUMN "source"

extern const char *const _cw_pack_fixed_columns[CW_PACK_N_FIXED];

/* (transfer full) (nullable): NAME.csv for NAME.npy, NULL for another name. */
char *_cw_pack_table_path (const char *path);
/* Whether an array can be the crops of a pack, and a table's first row, now read, begins like its items. */
gboolean _cw_pack_is_crops (const CwNpy *npy);
gboolean _cw_pack_has_header (CwCsv *csv);
/* (transfer full): name of the column with coordinate @axis (0 = x, 1 = y) of landmark @point. */
char *_cw_pack_landmark_column (int point, int axis);

G_END_DECLS
