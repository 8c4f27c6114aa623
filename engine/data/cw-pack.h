/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"

G_BEGIN_DECLS

/*
 * A pack: all pictures of a data set as one array of decoded crops, NAME.npy, uint8
 * `[n, side, side, 3]` (or 1 where every picture is grey), and the items in the same order in
 * NAME.csv: path, label, subject, split, then source where any is known, then the columns, then the
 * landmarks (ID.x, ID.y, normalised) where the data set has any. What cannot be known is an empty field. The reader "pack"
 * maps the array into memory.
 */

#define CW_PACK_MIN_SIDE 8
#define CW_PACK_MAX_SIDE 2048

typedef struct
{
  guint n;             /* crops written */
  int side, channels;
  GPtrArray *rejected; /* CwRejected: pictures that cannot be read, and why */
} CwPackReport;

void cw_pack_report_clear (CwPackReport *report);

/**
 * cw_pack_write:
 * @path: NAME.npy; the table goes beside it
 * @side: of a crop, px; 0 = the shorter side of the first picture that can be read, 256 at most
 * @report: (out caller-allocates)
 *
 * A crop is the largest centred square of a picture, area-averaged or, where it is smaller, bilinearly
 * enlarged to @side. Pictures stream through: memory does not grow with their number, but for a line
 * of text each. Both files are complete on disk before either gets its name.
 *
 * Returns: FALSE with the old files as they were: cancelled, not one picture readable
 *   (CW_ERROR_EMPTY), a name without .npy or with files that are not a pack or are what @dataset is read
 *   from (CW_ERROR_INVALID_CONFIG), or an I/O error
 */
gboolean cw_pack_write (CwDataset *dataset, const char *path, int side, CwJob *job,
                        CwPackReport *report, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwPackReport, cw_pack_report_clear)

G_END_DECLS
