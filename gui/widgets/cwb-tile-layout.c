/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-tile-layout.h"

#define SPACING 18
#define LEAST_WIDTH 130
#define GOOD_WIDTH 210
#define LARGEST_WIDTH 320
#define LEAST_COLUMNS 2

struct _CwbTileLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbTileLayout, cwb_tile_layout, GTK_TYPE_LAYOUT_MANAGER)

static int
count_children (GtkWidget *widget)
{
  int n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += gtk_widget_should_layout (child);
  return n;
}

static int
count_columns (int n_children, int width)
{
  int n = (width + SPACING) / (GOOD_WIDTH + SPACING);

  return CLAMP (n, MIN (LEAST_COLUMNS, n_children), n_children);
}

static int
get_tile_width (int n_columns, int width)
{
  return CLAMP ((width - (n_columns - 1) * SPACING) / n_columns, 1, LARGEST_WIDTH);
}

/* Of the tallest child: all rows are as high. */
static int
measure_tile_height (GtkWidget *widget, int tile_width)
{
  int height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, tile_width, NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  return height;
}

static GtkSizeRequestMode
cwb_tile_layout_get_request_mode (GtkLayoutManager *layout, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
cwb_tile_layout_measure (GtkLayoutManager *layout, GtkWidget *widget, GtkOrientation orientation,
                         int for_size, int *minimum, int *natural, int *minimum_baseline,
                         int *natural_baseline)
{
  int n = MAX (1, count_children (widget)), least = MIN (n, LEAST_COLUMNS);
  int least_width = least * LEAST_WIDTH + (least - 1) * SPACING;
  int width = for_size > 0 ? for_size : least_width;
  int n_columns = count_columns (n, width), n_rows = (n + n_columns - 1) / n_columns;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least_width;
      *natural = n * GOOD_WIDTH + (n - 1) * SPACING;
      return;
    }
  *minimum = *natural = n_rows * measure_tile_height (widget, get_tile_width (n_columns, width))
                        + (n_rows - 1) * SPACING;
}

static void
cwb_tile_layout_allocate (GtkLayoutManager *layout, GtkWidget *widget, int width, int height,
                          int baseline)
{
  int n_columns = count_columns (MAX (1, count_children (widget)), width);
  int tile_width = get_tile_width (n_columns, width);
  int tile_height = measure_tile_height (widget, tile_width);
  int used = n_columns * tile_width + (n_columns - 1) * SPACING, i = 0;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int column = mirrored ? n_columns - 1 - i % n_columns : i % n_columns;
      GtkAllocation place = { (width - used) / 2 + column * (tile_width + SPACING),
                              (i / n_columns) * (tile_height + SPACING), tile_width, tile_height };

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_size_allocate (child, &place, -1);
      i++;
    }
}

static void
cwb_tile_layout_class_init (CwbTileLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = cwb_tile_layout_get_request_mode;
  layout_class->measure = cwb_tile_layout_measure;
  layout_class->allocate = cwb_tile_layout_allocate;
}

static void
cwb_tile_layout_init (CwbTileLayout *self)
{
}

GtkLayoutManager *
cwb_tile_layout_new (void)
{
  return g_object_new (CWB_TYPE_TILE_LAYOUT, NULL);
}
