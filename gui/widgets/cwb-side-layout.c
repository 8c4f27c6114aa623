/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-side-layout.h"

#define SPACING 24
#define SIDE_WIDTH 330
/* From this width on there is room for both. */
#define WIDE 760

struct _CwbSideLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbSideLayout, cwb_side_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
cwb_side_layout_get_request_mode (GtkLayoutManager *layout, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
measure_height (GtkWidget *child, int width)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

static void
cwb_side_layout_measure (GtkLayoutManager *layout, GtkWidget *widget, GtkOrientation orientation,
                         int for_size, int *minimum, int *natural, int *minimum_baseline,
                         int *natural_baseline)
{
  GtkWidget *contents = gtk_widget_get_first_child (widget);
  GtkWidget *side = gtk_widget_get_last_child (widget);
  int contents_min, contents_nat, side_min, side_nat;

  gtk_widget_measure (contents, GTK_ORIENTATION_HORIZONTAL, -1, &contents_min, &contents_nat, NULL,
                      NULL);
  gtk_widget_measure (side, GTK_ORIENTATION_HORIZONTAL, -1, &side_min, &side_nat, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (contents_min, side_min);
      *natural = contents_nat + SPACING + SIDE_WIDTH;
    }
  else
    {
      int width = MAX (for_size, MAX (contents_min, side_min));

      if (width >= WIDE)
        {
          *minimum = *natural = MAX (measure_height (contents, width - SPACING - SIDE_WIDTH),
                                     measure_height (side, SIDE_WIDTH));
        }
      else
        *minimum = *natural = measure_height (contents, width) + SPACING
                              + measure_height (side, width);
    }
}

static void
cwb_side_layout_allocate (GtkLayoutManager *layout, GtkWidget *widget, int width, int height,
                          int baseline)
{
  GtkWidget *contents = gtk_widget_get_first_child (widget);
  GtkWidget *side = gtk_widget_get_last_child (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation first, second;

  if (width >= WIDE)
    {
      int rest = width - SPACING - SIDE_WIDTH;

      first = (GtkAllocation){ mirrored ? SIDE_WIDTH + SPACING : 0, 0, rest, height };
      second = (GtkAllocation){ mirrored ? 0 : rest + SPACING, 0, SIDE_WIDTH, height };
    }
  else
    {
      int upper = measure_height (contents, width);

      first = (GtkAllocation){ 0, 0, width, upper };
      second = (GtkAllocation){ 0, upper + SPACING, width, MAX (1, height - upper - SPACING) };
    }
  gtk_widget_size_allocate (contents, &first, -1);
  gtk_widget_size_allocate (side, &second, -1);
}

static void
cwb_side_layout_class_init (CwbSideLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = cwb_side_layout_get_request_mode;
  layout_class->measure = cwb_side_layout_measure;
  layout_class->allocate = cwb_side_layout_allocate;
}

static void
cwb_side_layout_init (CwbSideLayout *self)
{
}
