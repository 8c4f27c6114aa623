/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-sheet.h"

#include "draw/cwb-draw-field.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>

#define MARGIN 16.0
#define GAP 4.0
#define LABEL_SIZE 9.0
#define TITLE_SIZE 13.0
#define SMALL_SIZE 7.5
/* So that parameters have room. */
#define LEAST_WIDTH 320.0

typedef struct
{
  double left, top;           /* of the first picture */
  double row_labels;          /* width */
  double title, parameters;   /* heights */
  double width, height;
} Frame;

/* ---- text ---- */

static PangoLayout *
make_layout (cairo_t *cr, const char *text, double size, gboolean bold, double width)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family (font, "Sans");
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, width > 0 ? (int) (width * PANGO_SCALE) : -1);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

/* The height that @text takes; it is drawn where @draw says so. */
static double
put_text (cairo_t *cr, const char *text, double x, double y, double size, gboolean bold,
          double width, gboolean draw)
{
  PangoLayout *layout = make_layout (cr, text, size, bold, width);
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);
  if (draw)
    {
      cairo_move_to (cr, x, y);
      pango_cairo_show_layout (cr, layout);
    }
  g_object_unref (layout);
  return (double) extents.height / PANGO_SCALE;
}

static double
widest (cairo_t *cr, char **labels)
{
  double width = 0;

  for (int i = 0; labels[i] != NULL; i++)
    {
      PangoLayout *layout = make_layout (cr, labels[i], LABEL_SIZE, FALSE, -1);
      PangoRectangle extents;

      pango_layout_get_extents (layout, NULL, &extents);
      width = MAX (width, *labels[i] != '\0' ? (double) extents.width / PANGO_SCALE + GAP : 0);
      g_object_unref (layout);
    }
  return width;
}

/* ---- frame ---- */

static Frame
find_frame (cairo_t *cr, const CwbSheet *sheet, double cell)
{
  Frame frame = { 0 };
  double text_width, pictures = sheet->n_columns * (cell + GAP) - GAP;
  gboolean has_columns = *sheet->column_labels[0] != '\0';

  frame.row_labels = widest (cr, sheet->row_labels);
  frame.width = MAX (2 * MARGIN + frame.row_labels + pictures, LEAST_WIDTH);
  text_width = frame.width - 2 * MARGIN;
  frame.title = put_text (cr, sheet->title, 0, 0, TITLE_SIZE, TRUE, text_width, FALSE);
  frame.parameters = put_text (cr, sheet->parameters, 0, 0, SMALL_SIZE, FALSE, text_width, FALSE);
  frame.left = MARGIN + frame.row_labels;
  frame.top = MARGIN + frame.title + 2 * GAP + (has_columns ? 2.6 * LABEL_SIZE + GAP : 0);
  frame.height = frame.top + sheet->n_rows * (cell + GAP) + GAP + frame.parameters + MARGIN;
  return frame;
}

void
cwb_sheet_measure (const CwbSheet *sheet, double cell, double *width, double *height)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *cr = cairo_create (surface);
  Frame frame = find_frame (cr, sheet, cell);

  *width = ceil (frame.width);
  *height = ceil (frame.height);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* ---- drawing ---- */

static void
draw_cell (cairo_t *cr, const CwImage *image, double x, double y, double cell)
{
  CwbViewport whole = cwb_viewport_whole ();
  CwbPlace place;

  if (image == NULL)
    {
      cairo_set_source_rgb (cr, 0.85, 0.85, 0.85);
      cairo_rectangle (cr, x, y, cell, cell);
      cairo_fill (cr);
      cairo_set_source_rgb (cr, 0.25, 0.25, 0.25);
      put_text (cr, _ ("cannot be read"), x + GAP, y + cell / 2 - LABEL_SIZE, LABEL_SIZE, FALSE,
                cell - 2 * GAP, TRUE);
      return;
    }
  place = cwb_viewport_place (&whole, cell, cell, image->w, image->h);
  place.x += x;
  place.y += y;
  cwb_draw_picture (cr, &place, image);
}

void
cwb_draw_sheet (cairo_t *cr, const CwbSheet *sheet, double cell)
{
  Frame frame = find_frame (cr, sheet, cell);
  double text_width = frame.width - 2 * MARGIN, y;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  put_text (cr, sheet->title, MARGIN, MARGIN, TITLE_SIZE, TRUE, text_width, TRUE);
  for (int c = 0; c < sheet->n_columns; c++)
    put_text (cr, sheet->column_labels[c], frame.left + c * (cell + GAP),
              MARGIN + frame.title + 2 * GAP, LABEL_SIZE, FALSE, cell, TRUE);
  for (int r = 0; r < sheet->n_rows; r++)
    {
      y = frame.top + r * (cell + GAP);
      cairo_set_source_rgb (cr, 0, 0, 0);
      put_text (cr, sheet->row_labels[r], MARGIN, y + cell / 2 - LABEL_SIZE / 2, LABEL_SIZE, FALSE,
                -1, TRUE);
      for (int c = 0; c < sheet->n_columns; c++)
        draw_cell (cr, sheet->images[r * sheet->n_columns + c], frame.left + c * (cell + GAP), y,
                   cell);
    }
  cairo_set_source_rgb (cr, 0.2, 0.2, 0.2);
  put_text (cr, sheet->parameters, MARGIN, frame.top + sheet->n_rows * (cell + GAP) + GAP,
            SMALL_SIZE, FALSE, text_width, TRUE);
}

/* ---- files ---- */

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
make_surface (const char *path, double width, double height, GByteArray *bytes, GError **error)
{
  g_autofree char *name = g_ascii_strdown (path, -1);

  if (g_str_has_suffix (name, ".svg"))
    return cairo_svg_surface_create_for_stream (append_bytes, bytes, width, height);
  if (g_str_has_suffix (name, ".pdf"))
    return cairo_pdf_surface_create_for_stream (append_bytes, bytes, width, height);
  if (g_str_has_suffix (name, ".png"))
    return cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               _ ("%s: the name of a sheet ends in .png, .svg or .pdf"), path);
  return NULL;
}

gboolean
cwb_sheet_export (const CwbSheet *sheet, double cell, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double width, height;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  cwb_sheet_measure (sheet, cell, &width, &height);
  surface = make_surface (path, width, height, bytes, error);
  if (surface == NULL)
    return FALSE;
  cr = cairo_create (surface);
  cwb_draw_sheet (cr, sheet, cell);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (cairo_surface_get_type (surface) == CAIRO_SURFACE_TYPE_IMAGE && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: %s", path, cairo_status_to_string (status));
      return FALSE;
    }
  return cw_file_save (path, bytes->data, bytes->len, error);
}
