/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-field-view.h"

#include "draw/cwb-draw-field.h"
#include "models/cwb-field-text.h"

#include <glib/gi18n.h>

struct _CwbFieldView
{
  CwbPictureView parent_instance;

  CwbExploration *exploration; /* (nullable) */
  int picture;                 /* of it */
  CwImage *image;              /* (nullable), lent by the exploration, as what follows */
  const CwField *field;        /* (nullable) */
  const CwbViewGeometry *geometry;
  CwbOverlay overlay;
  CwbFieldMap *map; /* (nullable): of the overlay and the field, once drawn */
  gboolean show_source_marks;
  CwbSourceMarks source_marks;
  float reach; /* of the scale, px */
};

G_DEFINE_FINAL_TYPE (CwbFieldView, cwb_field_view, CWB_TYPE_PICTURE_VIEW)

static CwbLandmarks
get_landmarks (CwbFieldView *self)
{
  return (CwbLandmarks){ self->geometry->before, self->geometry->after, CW_N_LANDMARKS,
                         self->geometry->borrowed };
}

static void
draw_source_marks (CwbFieldView *self, cairo_t *cr, double side, const CwbPlace *place,
                   const CwbPalette *palette)
{
  self->source_marks.landmarks = get_landmarks (self);
  cwb_draw_source_marks (cr, side, side, place, &self->source_marks, palette);
}

static void
draw_overlay (CwbFieldView *self, cairo_t *cr, double side, const CwbPlace *place,
              const CwbPalette *palette)
{
  CwbOverlayData data = { .w = self->image->w, .h = self->image->h, .field = self->field,
                          .landmarks = get_landmarks (self) };

  if (self->map == NULL && self->field != NULL)
    self->map = cwb_overlay_make_map (self->overlay, self->field, self->reach);
  data.map = self->map;
  cwb_draw_overlay (cr, side, side, place, self->overlay, &data, palette);
}

/* The smaller one where it has all the pixels that are seen. */
static void
draw_picture (CwbFieldView *self, cairo_t *cr, double side, const CwbPlace *place)
{
  CwImage *shown = self->exploration->pictures[self->picture].shown;
  CwbPlace smaller;

  if (cwb_place_smaller (place, side, cwb_picture_view_get_side (CWB_PICTURE_VIEW (self)),
                         MAX (self->image->w, self->image->h), MAX (shown->w, shown->h), &smaller))
    cwb_draw_picture (cr, &smaller, shown);
  else
    cwb_draw_picture (cr, place, self->image);
}

static void
cwb_field_view_draw (CwbPictureView *view, cairo_t *cr, double side, const CwbPlace *place,
                     const CwbPalette *palette)
{
  CwbFieldView *self = CWB_FIELD_VIEW (view);

  draw_picture (self, cr, side, place);
  if (self->picture == 0 && self->show_source_marks)
    draw_source_marks (self, cr, side, place, palette);
  else
    draw_overlay (self, cr, side, place, palette);
}

static void
cwb_field_view_point (CwbPictureView *view, gboolean inside, double x, double y)
{
  CwbFieldView *self = CWB_FIELD_VIEW (view);
  g_autofree char *text = NULL;
  CwbFieldReadout readout;

  if (inside && self->exploration != NULL
      && cwb_field_readout (self->field, self->geometry, x, y, &readout))
    text = cwb_field_readout_dup_text (&readout, self->field != NULL);
  cwb_picture_view_set_readout (view, text);
}

static void
cwb_field_view_dispose (GObject *object)
{
  CwbFieldView *self = CWB_FIELD_VIEW (object);

  self->image = NULL;
  self->field = NULL;
  g_clear_pointer (&self->exploration, cwb_exploration_unref);
  g_clear_pointer (&self->map, cwb_field_map_free);
  G_OBJECT_CLASS (cwb_field_view_parent_class)->dispose (object);
}

static void
cwb_field_view_class_init (CwbFieldViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_field_view_dispose;
  CWB_PICTURE_VIEW_CLASS (klass)->draw = cwb_field_view_draw;
  CWB_PICTURE_VIEW_CLASS (klass)->point = cwb_field_view_point;
}

static void
cwb_field_view_init (CwbFieldView *self)
{
  self->overlay = CWB_OVERLAY_ARROWS;
}

GtkWidget *
cwb_field_view_new (const char *title)
{
  CwbFieldView *self = g_object_new (CWB_TYPE_FIELD_VIEW, NULL);

  cwb_picture_view_set_title (CWB_PICTURE_VIEW (self), title);
  return GTK_WIDGET (self);
}

/* Views of a kind are one where they were cut alike: as a rule, negatives are. */
static void
collect_outlines (const CwbExploration *exploration, CwbSourceMarks *marks)
{
  const char *const labels[] = { _ ("Anchor"), _ ("Positive"), _ ("Negative") };

  marks->n_outlines = 0;
  for (int i = 1; i < exploration->n_pictures; i++)
    {
      const CwPoint *corners = exploration->pictures[i].geometry.corners;
      CwbOutline *outline = &marks->outlines[marks->n_outlines];
      int kind = MIN (exploration->pictures[i].view, 2);

      if (marks->n_outlines > 0 && outline[-1].kind == kind
          && memcmp (outline[-1].corners, corners, sizeof outline->corners) == 0)
        {
          outline[-1].label = _ ("Negatives");
          continue;
        }
      memcpy (outline->corners, corners, sizeof outline->corners);
      outline->label = labels[kind];
      outline->kind = kind;
      marks->n_outlines++;
    }
}

static void
describe (CwbFieldView *self)
{
  const char *summary = self->exploration->pictures[self->picture].summary;
  const char *drawn = self->exploration->pictures[self->picture].drawn;
  g_autofree char *text = summary != NULL && *drawn != '\0'
                              ? g_strdup_printf ("%s\n%s", summary, drawn)
                              : g_strdup (summary != NULL ? summary : drawn);

  cwb_picture_view_set_tooltip (CWB_PICTURE_VIEW (self), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

static void
mark_source (CwbFieldView *self)
{
  self->source_marks = (CwbSourceMarks){ .w = self->geometry->w, .h = self->geometry->h,
                                         .has_face = self->exploration->has_face };
  memcpy (self->source_marks.face, self->exploration->face, sizeof self->exploration->face);
  collect_outlines (self->exploration, &self->source_marks);
}

/* (transfer full) for @exploration. */
static void
take (CwbFieldView *self, CwbExploration *exploration, int picture)
{
  g_clear_pointer (&self->exploration, cwb_exploration_unref);
  self->exploration = exploration;
  self->picture = picture;
  self->image = exploration->pictures[picture].image;
  self->field = exploration->pictures[picture].field;
  self->geometry = &exploration->pictures[picture].geometry;
}

void
cwb_field_view_show (CwbFieldView *self, CwbExploration *exploration, int picture,
                     float reach, const char *title, const char *detail)
{
  gboolean same;

  g_return_if_fail (CWB_IS_FIELD_VIEW (self));
  g_return_if_fail (picture >= 0 && picture < exploration->n_pictures);

  same = self->exploration != NULL && self->picture == picture
         && (self->reach == reach || self->field == NULL)
         && cwb_exploration_is_same (self->exploration, exploration, picture);
  self->reach = reach;
  take (self, cwb_exploration_ref (exploration), picture);
  if (same)
    return;
  g_clear_pointer (&self->map, cwb_field_map_free);
  if (picture == 0)
    mark_source (self);
  cwb_picture_view_set_title (CWB_PICTURE_VIEW (self), title);
  cwb_picture_view_set_size (CWB_PICTURE_VIEW (self), self->image->w, self->image->h);
  cwb_picture_view_set_detail (CWB_PICTURE_VIEW (self), detail);
  describe (self);
}

void
cwb_field_view_set_overlay (CwbFieldView *self, CwbOverlay overlay)
{
  g_return_if_fail (CWB_IS_FIELD_VIEW (self));

  if (self->overlay == overlay)
    return;
  self->overlay = overlay;
  g_clear_pointer (&self->map, cwb_field_map_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
cwb_field_view_take_map (CwbFieldView *self, CwbOverlay overlay, CwbFieldMap *map)
{
  g_return_if_fail (CWB_IS_FIELD_VIEW (self));

  if (overlay != self->overlay || self->map != NULL)
    {
      cwb_field_map_free (map);
      return;
    }
  self->map = map;
}

CwbOverlay
cwb_field_view_get_overlay (CwbFieldView *self)
{
  g_return_val_if_fail (CWB_IS_FIELD_VIEW (self), CWB_OVERLAY_NONE);

  return self->overlay;
}

void
cwb_field_view_set_show_source_marks (CwbFieldView *self, gboolean show)
{
  self->show_source_marks = show;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

CwImage *
cwb_field_view_get_image (CwbFieldView *self)
{
  return self->image;
}

const CwField *
cwb_field_view_get_field (CwbFieldView *self)
{
  return self->field;
}
