/* SPDX-License-Identifier: MIT */
#pragma once

#include "util/cwb-thumbnails.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_FACE_CELL (cwb_face_cell_get_type ())
G_DECLARE_FINAL_TYPE (CwbFaceCell, cwb_face_cell, CWB, FACE_CELL, GtkWidget)

/**
 * CwbFaceCell:
 *
 * A face in a grid: picture, and a caption of one line below. Its size depends on nothing but the
 * side it was made with and the font, as grids need. The picture is asked for while the cell is on
 * screen and no longer; where it cannot be read there is an icon, and the reason as tooltip.
 */
GtkWidget *cwb_face_cell_new (int side, gboolean has_caption);
/* NULL @dataset: no face. */
void       cwb_face_cell_set_face (CwbFaceCell *self, CwbThumbnails *thumbnails, CwDataset *dataset,
                                   guint index);
/* A picture that is of no dataset; or, without @texture, why there is none. */
void       cwb_face_cell_set_picture (CwbFaceCell *self, GdkTexture *texture, const char *error);
void       cwb_face_cell_set_caption (CwbFaceCell *self, const char *caption);
/* (nullable): what it shows. */
GdkTexture *cwb_face_cell_get_texture (CwbFaceCell *self);

G_END_DECLS
