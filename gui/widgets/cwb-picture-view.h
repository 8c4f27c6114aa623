/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"
#include "draw/cwb-viewport.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_PICTURE_VIEW (cwb_picture_view_get_type ())
G_DECLARE_DERIVABLE_TYPE (CwbPictureView, cwb_picture_view, CWB, PICTURE_VIEW, GtkWidget)

/**
 * CwbPictureView:
 *
 * A square with a picture, a title and a line about it below. Ctrl and the wheel zoom about the pointer,
 * dragging moves what is zoomed, a double click shows all of it again; so do + and -, the arrow keys and 0
 * where the focus is on it: the view then emits ::viewport-changed, for others to show the same part.
 */
struct _CwbPictureViewClass
{
  GtkWidgetClass parent_class;

  /* Draws into 0,0..side,side what lies at @place. */
  void (*draw) (CwbPictureView *self, cairo_t *cr, double side, const CwbPlace *place,
                const CwbPalette *palette);
  /* (nullable): the pointer is at (@x, @y), px of the picture, or has left (@inside FALSE). */
  void (*point) (CwbPictureView *self, gboolean inside, double x, double y);
  /* (nullable): whether a drag that begins at @x, 0..1 of the square, is not for moving the picture:
   * then drag_to() hears of it. */
  gboolean (*drag_from) (CwbPictureView *self, double x);
  void (*drag_to) (CwbPictureView *self, double x);
};

void cwb_picture_view_set_title (CwbPictureView *self, const char *title);
/* @detail: (nullable): stands below the title, is the tooltip, and with the title the accessible name. */
void cwb_picture_view_set_detail (CwbPictureView *self, const char *detail);
/* @text: (nullable): the tooltip in place of the detail, until that is set next. */
void cwb_picture_view_set_tooltip (CwbPictureView *self, const char *text);
/* @text: (nullable): for now in place of the detail. */
void cwb_picture_view_set_readout (CwbPictureView *self, const char *text);
/* Size of the picture, px; 0 = there is none. */
void cwb_picture_view_set_size (CwbPictureView *self, int w, int h);
/* Of the square, device px; 0 before there is any. */
int  cwb_picture_view_get_side (CwbPictureView *self);
void cwb_picture_view_set_viewport (CwbPictureView *self, const CwbViewport *viewport);
void cwb_picture_view_get_viewport (CwbPictureView *self, CwbViewport *viewport);

G_END_DECLS
