/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-face-cell.h"

#include "util/cwb-dataset-text.h"

#define SPACING 2
#define RADIUS 8
#define ICON_SIDE 24

struct _CwbFaceCell
{
  GtkWidget parent_instance;

  int side;
  GtkWidget *caption; /* (nullable) GtkInscription */
  CwbThumbnails *thumbnails;
  CwDataset *dataset;
  guint index;
  guint request; /* 0 = none under way */
  GdkTexture *texture;
  char *error;
};

G_DEFINE_FINAL_TYPE (CwbFaceCell, cwb_face_cell, GTK_TYPE_WIDGET)

static int
get_bucket (CwbFaceCell *self)
{
  return cwb_thumbnails_bucket (self->side, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
}

static void
stop_request (CwbFaceCell *self)
{
  if (self->request != 0)
    cwb_thumbnails_cancel (self->thumbnails, self->request);
  self->request = 0;
}

static void
on_thumbnail (GdkTexture *texture, const char *error, gpointer user_data)
{
  CwbFaceCell *self = user_data;

  self->request = 0;
  g_set_object (&self->texture, texture);
  g_free (self->error);
  self->error = g_strdup (error);
  gtk_widget_trigger_tooltip_query (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
start_request (CwbFaceCell *self)
{
  int bucket = get_bucket (self);
  GdkTexture *texture;

  if (self->dataset == NULL || self->texture != NULL || self->request != 0)
    return;
  texture = cwb_thumbnails_peek (self->thumbnails, self->dataset, self->index, bucket);
  if (texture != NULL)
    {
      g_set_object (&self->texture, texture);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }
  self->request = cwb_thumbnails_request (self->thumbnails, self->dataset, self->index, bucket,
                                          on_thumbnail, self);
}

static void
cwb_face_cell_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (cwb_face_cell_parent_class)->map (widget);
  start_request (CWB_FACE_CELL (widget));
}

static void
cwb_face_cell_unmap (GtkWidget *widget)
{
  stop_request (CWB_FACE_CELL (widget));
  GTK_WIDGET_CLASS (cwb_face_cell_parent_class)->unmap (widget);
}

static void
cwb_face_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  CwbFaceCell *self = CWB_FACE_CELL (widget);
  int height = 0;

  if (orientation == GTK_ORIENTATION_VERTICAL && self->caption != NULL)
    {
      gtk_widget_measure (self->caption, orientation, -1, NULL, &height, NULL, NULL);
      height += SPACING;
    }
  *minimum = *natural = self->side + height;
}

static void
cwb_face_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CwbFaceCell *self = CWB_FACE_CELL (widget);
  GtkAllocation below = { 0, self->side + SPACING, width, height - self->side - SPACING };

  if (self->caption != NULL)
    gtk_widget_size_allocate (self->caption, &below, -1);
}

/* Covers the square, cutting off what is beyond. */
static void
snapshot_texture (CwbFaceCell *self, GtkSnapshot *snapshot, const graphene_rect_t *square)
{
  float w = (float) gdk_texture_get_width (self->texture);
  float h = (float) gdk_texture_get_height (self->texture);
  float side = square->size.width, scale = side / MIN (w, h);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (square->origin.x + 0.5f * (side - scale * w),
                                               square->origin.y + 0.5f * (side - scale * h),
                                               scale * w, scale * h);

  gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
}

static void
snapshot_icon (CwbFaceCell *self, GtkSnapshot *snapshot, const graphene_rect_t *square,
               const GdkRGBA *colour)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon = NULL;
  float margin = 0.5f * (square->size.width - ICON_SIDE);

  icon = gtk_icon_theme_lookup_icon (theme, "image-missing-symbolic", NULL, ICON_SIDE,
                                     gtk_widget_get_scale_factor (widget), GTK_TEXT_DIR_NONE, 0);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (square->origin.x + margin,
                                                          square->origin.y + margin));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ICON_SIDE,
                                            ICON_SIDE, colour, 1);
  gtk_snapshot_restore (snapshot);
}

static void
cwb_face_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CwbFaceCell *self = CWB_FACE_CELL (widget);
  float side = (float) self->side;
  float x = floorf (0.5f * ((float) gtk_widget_get_width (widget) - side));
  graphene_rect_t square = GRAPHENE_RECT_INIT (MAX (x, 0), 0, side, side);
  GskRoundedRect outline;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  gsk_rounded_rect_init_from_rect (&outline, &square, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  if (self->texture != NULL)
    snapshot_texture (self, snapshot, &square);
  else
    {
      GdkRGBA tile = colour;

      tile.alpha *= 0.08f;
      gtk_snapshot_append_color (snapshot, &tile, &square);
      if (self->error != NULL)
        snapshot_icon (self, snapshot, &square, &colour);
    }
  gtk_snapshot_pop (snapshot);
  GTK_WIDGET_CLASS (cwb_face_cell_parent_class)->snapshot (widget, snapshot);
}

static void
forget_picture (CwbFaceCell *self)
{
  stop_request (self);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->error, g_free);
}

static void
on_scale_factor_changed (CwbFaceCell *self)
{
  if (self->dataset == NULL)
    return;
  forget_picture (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    start_request (self);
}

static void
cwb_face_cell_dispose (GObject *object)
{
  CwbFaceCell *self = CWB_FACE_CELL (object);

  forget_picture (self);
  g_clear_object (&self->dataset);
  g_clear_object (&self->thumbnails);
  g_clear_pointer (&self->caption, gtk_widget_unparent);
  G_OBJECT_CLASS (cwb_face_cell_parent_class)->dispose (object);
}

/* Why there is no picture, else all that is known of the face: asked for under the pointer alone. */
static gboolean
cwb_face_cell_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  CwbFaceCell *self = CWB_FACE_CELL (widget);
  g_autofree char *details = NULL;

  if (self->error != NULL)
    gtk_tooltip_set_text (tooltip, self->error);
  else if (self->dataset != NULL)
    {
      details = cwb_dataset_dup_item_details (self->dataset, self->index);
      gtk_tooltip_set_text (tooltip, details);
    }
  return self->error != NULL || self->dataset != NULL;
}

static void
cwb_face_cell_class_init (CwbFaceCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_face_cell_dispose;
  widget_class->map = cwb_face_cell_map;
  widget_class->unmap = cwb_face_cell_unmap;
  widget_class->measure = cwb_face_cell_measure;
  widget_class->size_allocate = cwb_face_cell_size_allocate;
  widget_class->snapshot = cwb_face_cell_snapshot;
  widget_class->query_tooltip = cwb_face_cell_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "facecell");
  /* The list item that holds it is named for the face. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
cwb_face_cell_init (CwbFaceCell *self)
{
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (on_scale_factor_changed), NULL);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
cwb_face_cell_new (int side, gboolean has_caption)
{
  CwbFaceCell *self = g_object_new (CWB_TYPE_FACE_CELL, NULL);

  self->side = side;
  if (has_caption)
    {
      self->caption = gtk_inscription_new (NULL);
      gtk_inscription_set_min_chars (GTK_INSCRIPTION (self->caption), 0);
      gtk_inscription_set_nat_chars (GTK_INSCRIPTION (self->caption), 0);
      gtk_inscription_set_xalign (GTK_INSCRIPTION (self->caption), 0.5f);
      gtk_inscription_set_text_overflow (GTK_INSCRIPTION (self->caption),
                                         GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
      gtk_widget_add_css_class (self->caption, "caption");
      gtk_widget_set_parent (self->caption, GTK_WIDGET (self));
    }
  return GTK_WIDGET (self);
}

void
cwb_face_cell_set_face (CwbFaceCell *self, CwbThumbnails *thumbnails, CwDataset *dataset,
                        guint index)
{
  g_return_if_fail (CWB_IS_FACE_CELL (self));

  if (dataset != NULL && self->dataset == dataset && self->index == index)
    return;
  forget_picture (self);
  g_set_object (&self->thumbnails, thumbnails);
  g_set_object (&self->dataset, dataset);
  self->index = index;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    start_request (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
cwb_face_cell_set_picture (CwbFaceCell *self, GdkTexture *texture, const char *error)
{
  g_return_if_fail (CWB_IS_FACE_CELL (self));

  cwb_face_cell_set_face (self, NULL, NULL, 0);
  on_thumbnail (texture, error, self);
}

void
cwb_face_cell_set_caption (CwbFaceCell *self, const char *caption)
{
  g_return_if_fail (CWB_IS_FACE_CELL (self));

  if (self->caption != NULL)
    gtk_inscription_set_text (GTK_INSCRIPTION (self->caption), caption);
}

GdkTexture *
cwb_face_cell_get_texture (CwbFaceCell *self)
{
  g_return_val_if_fail (CWB_IS_FACE_CELL (self), NULL);
  return self->texture;
}
