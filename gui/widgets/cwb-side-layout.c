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
  GtkAdjustment *scroll; /* (nullable): of what scrolls both vertically */
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

typedef struct
{
  GtkWidget *contents, *side;
  int contents_min, contents_nat, side_min;
} Children;

static Children
measure_children (GtkWidget *widget)
{
  Children children = { gtk_widget_get_first_child (widget), gtk_widget_get_last_child (widget),
                        0, 0, 0 };

  gtk_widget_measure (children.contents, GTK_ORIENTATION_HORIZONTAL, -1, &children.contents_min,
                      &children.contents_nat, NULL, NULL);
  gtk_widget_measure (children.side, GTK_ORIENTATION_HORIZONTAL, -1, &children.side_min, NULL, NULL,
                      NULL);
  return children;
}

/* Of the column beside the contents, wider where large text needs it; 0 = there is no room for both. */
static int
get_side_width (const Children *children, int width)
{
  int side = MAX (SIDE_WIDTH, children->side_min);

  return width >= WIDE && width - SPACING - side >= children->contents_min ? side : 0;
}

static void
cwb_side_layout_measure (GtkLayoutManager *layout, GtkWidget *widget, GtkOrientation orientation,
                         int for_size, int *minimum, int *natural, int *minimum_baseline,
                         int *natural_baseline)
{
  Children children = measure_children (widget);
  int least = MAX (children.contents_min, children.side_min), width = MAX (for_size, least);
  int side = get_side_width (&children, width);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least;
      *natural = children.contents_nat + SPACING + MAX (SIDE_WIDTH, children.side_min);
    }
  else if (side > 0)
    *minimum = *natural = MAX (measure_height (children.contents, width - SPACING - side),
                               measure_height (children.side, side));
  else
    *minimum = *natural = measure_height (children.contents, width) + SPACING
                          + measure_height (children.side, width);
}

/* How far down the contents are moved, so that they stay in sight while the controls beside them are scrolled. Of
 * contents that are higher than the window the lower end stays. */
static int
get_offset (CwbSideLayout *self, int height, int contents)
{
  double margins, hidden;

  if (self->scroll == NULL)
    return 0;
  margins = MAX (0, gtk_adjustment_get_upper (self->scroll) - height);
  hidden = MAX (0, contents + margins - gtk_adjustment_get_page_size (self->scroll));
  return (int) CLAMP (gtk_adjustment_get_value (self->scroll) - hidden, 0, MAX (0, height - contents));
}

static void
cwb_side_layout_allocate (GtkLayoutManager *layout, GtkWidget *widget, int width, int height,
                          int baseline)
{
  Children children = measure_children (widget);
  int side = get_side_width (&children, width);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation first, second;

  if (side > 0)
    {
      int rest = width - SPACING - side, upper = measure_height (children.contents, rest);

      first = (GtkAllocation){ mirrored ? side + SPACING : 0,
                               get_offset (CWB_SIDE_LAYOUT (layout), height, upper), rest, upper };
      second = (GtkAllocation){ mirrored ? 0 : rest + SPACING, 0, side, height };
    }
  else
    {
      int upper = measure_height (children.contents, width);

      first = (GtkAllocation){ 0, 0, width, upper };
      second = (GtkAllocation){ 0, upper + SPACING, width, MAX (1, height - upper - SPACING) };
    }
  gtk_widget_size_allocate (children.contents, &first, -1);
  gtk_widget_size_allocate (children.side, &second, -1);
}

static void
on_scrolled (GtkAdjustment *scroll, CwbSideLayout *self)
{
  gtk_widget_queue_allocate (gtk_layout_manager_get_widget (GTK_LAYOUT_MANAGER (self)));
}

static void
cwb_side_layout_root (GtkLayoutManager *layout)
{
  CwbSideLayout *self = CWB_SIDE_LAYOUT (layout);
  GtkWidget *window = gtk_widget_get_ancestor (gtk_layout_manager_get_widget (layout),
                                               GTK_TYPE_SCROLLED_WINDOW);

  if (window == NULL)
    return;
  g_set_object (&self->scroll, gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window)));
  g_signal_connect_object (self->scroll, "value-changed", G_CALLBACK (on_scrolled), self, 0);
}

static void
cwb_side_layout_unroot (GtkLayoutManager *layout)
{
  CwbSideLayout *self = CWB_SIDE_LAYOUT (layout);

  if (self->scroll != NULL)
    g_signal_handlers_disconnect_by_data (self->scroll, self);
  g_clear_object (&self->scroll);
}

static void
cwb_side_layout_dispose (GObject *object)
{
  g_clear_object (&CWB_SIDE_LAYOUT (object)->scroll);
  G_OBJECT_CLASS (cwb_side_layout_parent_class)->dispose (object);
}

static void
cwb_side_layout_class_init (CwbSideLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_side_layout_dispose;
  layout_class->root = cwb_side_layout_root;
  layout_class->unroot = cwb_side_layout_unroot;

  layout_class->get_request_mode = cwb_side_layout_get_request_mode;
  layout_class->measure = cwb_side_layout_measure;
  layout_class->allocate = cwb_side_layout_allocate;
}

static void
cwb_side_layout_init (CwbSideLayout *self)
{
}
