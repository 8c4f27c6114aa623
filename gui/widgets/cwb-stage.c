/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-stage.h"

#include "widgets/cwb-tile-layout.h"

#include <glib/gi18n.h>

#define MOST CWB_EXPLORATION_MOST_PICTURES

struct _CwbStage
{
  GtkWidget parent_instance;

  CwbViewport viewport;
  CwbOverlay overlay;
  gboolean source_marks;
  GtkWidget *tiles, *a_label, *a_tiles;
  CwbCompareView *compare;
  CwbFieldView *cards[MOST], *a_cards[MOST]; /* made when they are needed */
};

G_DEFINE_FINAL_TYPE (CwbStage, cwb_stage, GTK_TYPE_WIDGET)

/* ---- one part for all ---- */

static void
show_part (CwbStage *self)
{
  cwb_picture_view_set_viewport (CWB_PICTURE_VIEW (self->compare), &self->viewport);
  for (int i = 0; i < MOST; i++)
    {
      if (self->cards[i] != NULL)
        cwb_picture_view_set_viewport (CWB_PICTURE_VIEW (self->cards[i]), &self->viewport);
      if (self->a_cards[i] != NULL)
        cwb_picture_view_set_viewport (CWB_PICTURE_VIEW (self->a_cards[i]), &self->viewport);
    }
}

static void
on_viewport_changed (CwbPictureView *view, CwbStage *self)
{
  cwb_picture_view_get_viewport (view, &self->viewport);
  show_part (self);
}

void
cwb_stage_zoom (CwbStage *self, double factor)
{
  g_return_if_fail (CWB_IS_STAGE (self));

  cwb_viewport_zoom (&self->viewport, factor, 0.5, 0.5, 1, 1, 1, 1);
  show_part (self);
}

/* ---- cards ---- */

static CwbFieldView *
add_card (CwbStage *self, GtkWidget *tiles)
{
  CwbFieldView *card = CWB_FIELD_VIEW (cwb_field_view_new (""));

  g_signal_connect_object (card, "viewport-changed", G_CALLBACK (on_viewport_changed), self, 0);
  cwb_picture_view_set_viewport (CWB_PICTURE_VIEW (card), &self->viewport);
  cwb_field_view_set_overlay (card, self->overlay);
  cwb_field_view_set_show_source_marks (card, self->source_marks);
  gtk_widget_set_parent (GTK_WIDGET (card), tiles);
  return card;
}

static char *
dup_detail (const CwbExploration *exploration, int i)
{
  const CwFieldStats *stats = &exploration->pictures[i].stats;
  const CwImage *image = exploration->pictures[i].image;
  g_autofree char *first = NULL;

  if (exploration->pictures[i].field == NULL)
    first = g_strdup_printf (_ ("%d × %d px"), image->w, image->h);
  else if (stats->n_folds > 0)
    first = g_strdup_printf (ngettext ("max %.1f px, folds at %d pixel",
                                       "max %.1f px, folds at %d pixels", (gulong) stats->n_folds),
                             (double) stats->max, stats->n_folds);
  else
    /* Translators: the largest displacement, the smallest Jacobian determinant of a warp */
    first = g_strdup_printf (_ ("max %.1f px, min det J %.2f"), (double) stats->max,
                             (double) stats->min_det);
  if (!exploration->pictures[i].compared)
    return g_steal_pointer (&first);
  return g_strdup_printf (_ ("%s\n%.2f similar to the anchor"), first,
                          (double) exploration->pictures[i].similarity);
}

/* From picture @first on; other cards are hidden. */
static void
show_cards (CwbStage *self, CwbExploration *exploration, float reach, int first, GtkWidget *tiles,
            CwbFieldView **cards, gboolean is_a)
{
  for (int i = first; i < MOST; i++)
    {
      gboolean there = exploration != NULL && i < exploration->n_pictures;

      if (there && cards[i] == NULL)
        cards[i] = add_card (self, tiles);
      if (cards[i] != NULL)
        gtk_widget_set_visible (GTK_WIDGET (cards[i]), there);
      if (there)
        {
          /* Translators: a view under the settings that were kept as A */
          g_autofree char *title
              = is_a ? g_strdup_printf (_ ("A: %s"), exploration->pictures[i].title)
                     : g_strdup (exploration->pictures[i].title);
          g_autofree char *detail = dup_detail (exploration, i);

          cwb_field_view_show (cards[i], exploration, i, reach, title, detail);
        }
    }
}

static CwbCompared
get_compared (const CwbExploration *exploration, int i)
{
  return (CwbCompared){ exploration->pictures[i].image, exploration->pictures[i].shown,
                        exploration->pictures[i].title };
}

static void
show_compare (CwbStage *self, const CwbExploration *exploration, CwbDifference *difference)
{
  int positive, negative;

  if (cwb_exploration_find_pair (exploration, &positive, &negative))
    {
      const CwbCompared before = get_compared (exploration, positive);
      const CwbCompared after = get_compared (exploration, negative);

      cwb_compare_view_set (self->compare, &before, &after, difference);
    }
  else
    cwb_difference_free (difference);
}

void
cwb_stage_show (CwbStage *self, CwbExploration *exploration, CwbExploration *a,
                CwbDifference *difference)
{
  float reach = cwb_exploration_get_reach (exploration, a);

  g_return_if_fail (CWB_IS_STAGE (self));

  show_cards (self, exploration, reach, 0, self->tiles, self->cards, FALSE);
  show_cards (self, a, reach, 1, self->a_tiles, self->a_cards, TRUE);
  gtk_widget_set_visible (self->a_tiles, a != NULL);
  gtk_widget_set_visible (self->a_label, a != NULL);
  show_compare (self, exploration, difference);
}

/* ---- how ---- */

void
cwb_stage_set_overlay (CwbStage *self, CwbOverlay overlay)
{
  g_return_if_fail (CWB_IS_STAGE (self));

  self->overlay = overlay;
  for (int i = 0; i < MOST; i++)
    {
      if (self->cards[i] != NULL)
        cwb_field_view_set_overlay (self->cards[i], overlay);
      if (self->a_cards[i] != NULL)
        cwb_field_view_set_overlay (self->a_cards[i], overlay);
    }
}

void
cwb_stage_set_source_marks (CwbStage *self, gboolean show)
{
  g_return_if_fail (CWB_IS_STAGE (self));

  self->source_marks = show;
  if (self->cards[0] != NULL)
    cwb_field_view_set_show_source_marks (self->cards[0], show);
}

void
cwb_stage_set_compare (CwbStage *self, CwbCompareMode mode)
{
  g_return_if_fail (CWB_IS_STAGE (self));

  gtk_widget_set_visible (GTK_WIDGET (self->compare), mode < CWB_N_COMPARE_MODES);
  if (mode < CWB_N_COMPARE_MODES)
    cwb_compare_view_set_mode (self->compare, mode);
}

int
cwb_stage_get_side (CwbStage *self)
{
  g_return_val_if_fail (CWB_IS_STAGE (self), 0);
  return self->cards[0] != NULL ? cwb_picture_view_get_side (CWB_PICTURE_VIEW (self->cards[0])) : 0;
}

CwbFieldView *
cwb_stage_get_card (CwbStage *self, int i)
{
  g_return_val_if_fail (CWB_IS_STAGE (self), NULL);
  g_return_val_if_fail (i >= 0 && i < MOST, NULL);
  return self->cards[i];
}

CwbCompareView *
cwb_stage_get_compare (CwbStage *self)
{
  g_return_val_if_fail (CWB_IS_STAGE (self), NULL);
  return self->compare;
}

/* ---- object ---- */

static void
remove_children (GtkWidget *widget)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (widget)) != NULL)
    gtk_widget_unparent (child);
}

static void
cwb_stage_dispose (GObject *object)
{
  CwbStage *self = CWB_STAGE (object);

  memset (self->cards, 0, sizeof self->cards);
  memset (self->a_cards, 0, sizeof self->a_cards);
  if (self->tiles != NULL)
    remove_children (self->tiles);
  if (self->a_tiles != NULL)
    remove_children (self->a_tiles);
  self->tiles = self->a_tiles = NULL;
  remove_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (cwb_stage_parent_class)->dispose (object);
}

static void
cwb_stage_class_init (CwbStageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_stage_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static GtkWidget *
add_tiles (CwbStage *self)
{
  GtkWidget *tiles = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (tiles, cwb_tile_layout_new ());
  gtk_widget_set_parent (tiles, GTK_WIDGET (self));
  return tiles;
}

static void
cwb_stage_init (CwbStage *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 12);
  self->viewport = cwb_viewport_whole ();
  self->overlay = CWB_OVERLAY_ARROWS;
  self->tiles = add_tiles (self);
  self->compare = CWB_COMPARE_VIEW (cwb_compare_view_new ());
  g_signal_connect_object (self->compare, "viewport-changed", G_CALLBACK (on_viewport_changed), self,
                           0);
  gtk_widget_set_visible (GTK_WIDGET (self->compare), FALSE);
  gtk_widget_set_parent (GTK_WIDGET (self->compare), self->tiles);
  self->a_label = gtk_label_new (_ ("The same under the settings that were kept as A"));
  gtk_label_set_xalign (GTK_LABEL (self->a_label), 0);
  gtk_label_set_wrap (GTK_LABEL (self->a_label), TRUE);
  gtk_widget_add_css_class (self->a_label, "heading");
  gtk_widget_set_visible (self->a_label, FALSE);
  gtk_widget_set_parent (self->a_label, GTK_WIDGET (self));
  self->a_tiles = add_tiles (self);
  gtk_widget_set_visible (self->a_tiles, FALSE);
}

GtkWidget *
cwb_stage_new (void)
{
  return g_object_new (CWB_TYPE_STAGE, NULL);
}
