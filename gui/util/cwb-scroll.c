/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-scroll.h"

#include <math.h>

#define NOTCH 60 /* px that a notch of the wheel is worth */

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, GtkScrolledWindow *scrolled)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  GtkAdjustment *at = gtk_scrolled_window_get_hadjustment (scrolled);

  if ((state & GDK_SHIFT_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  gtk_adjustment_set_value (at, gtk_adjustment_get_value (at) + dy * NOTCH);
  return GDK_EVENT_STOP;
}

static void
leave_wheel (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_scroll_set_flags (GTK_EVENT_CONTROLLER_SCROLL (controller),
                                               GTK_EVENT_CONTROLLER_SCROLL_HORIZONTAL
                                                   | GTK_EVENT_CONTROLLER_SCROLL_KINETIC);
    }
}

void
cwb_scroll_take_sideways (GtkScrolledWindow *scrolled, GtkWidget *bar)
{
  GtkEventController *own = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  leave_wheel (GTK_WIDGET (scrolled));
  leave_wheel (bar);
  /* It is a range in a box. */
  for (GtkWidget *child = gtk_widget_get_first_child (bar); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    leave_wheel (child);
  g_signal_connect (own, "scroll", G_CALLBACK (on_scroll), scrolled);
  gtk_widget_add_controller (GTK_WIDGET (scrolled), own);
}

static gboolean
on_inner_scroll (GtkEventControllerScroll *controller, double dx, double dy, GtkScrolledWindow *page)
{
  GtkWidget *inner = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  GtkAdjustment *own = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (inner));
  GtkAdjustment *at = gtk_scrolled_window_get_vadjustment (page);
  double value = gtk_adjustment_get_value (own);
  gboolean ends = dy < 0 ? value <= gtk_adjustment_get_lower (own)
                         : value >= gtk_adjustment_get_upper (own) - gtk_adjustment_get_page_size (own);
  /* As much as GTK itself takes. */
  double step = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL
                    ? pow (gtk_adjustment_get_page_size (at), 2.0 / 3)
                    : 2.5;

  if (!ends)
    return GDK_EVENT_PROPAGATE;
  gtk_adjustment_set_value (at, gtk_adjustment_get_value (at) + dy * step);
  return GDK_EVENT_STOP;
}

void
cwb_scroll_pass_on (GtkScrolledWindow *inner, GtkScrolledWindow *page)
{
  GtkEventController *own = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  gtk_event_controller_set_propagation_phase (own, GTK_PHASE_CAPTURE);
  g_signal_connect_object (own, "scroll", G_CALLBACK (on_inner_scroll), page, 0);
  gtk_widget_add_controller (GTK_WIDGET (inner), own);
}

static gboolean
is_in_popover (GtkWidget *window)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (window));

  return focus != NULL && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL;
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        GtkScrolledWindow *scrolled)
{
  gboolean down = key == GDK_KEY_Page_Down || key == GDK_KEY_KP_Page_Down;
  gboolean up = key == GDK_KEY_Page_Up || key == GDK_KEY_KP_Page_Up, moved;

  if ((!down && !up) || (state & gtk_accelerator_get_default_mod_mask ()) != 0
      || is_in_popover (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller))))
    return GDK_EVENT_PROPAGATE;
  g_signal_emit_by_name (scrolled, "scroll-child", down ? GTK_SCROLL_PAGE_DOWN : GTK_SCROLL_PAGE_UP,
                         FALSE, &moved);
  return GDK_EVENT_STOP;
}

GtkEventController *
cwb_scroll_page_keys_new (GtkScrolledWindow *scrolled)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  /* Before a list takes them for itself. */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), scrolled, 0);
  return keys;
}
