/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-drawn-list.h"

#include "widgets/cwb-param-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* Pushes of a warp that are listed: more are nodes of a lattice, which nobody sets one by one. */
#define MOST_PUSHES 8
#define FIELDS_OF_PUSH 5

typedef struct
{
  int view;
  char *step;
  int number;
  GtkWidget *spin, *lock; /* lent */
} Row;

struct _CwbDrawnList
{
  GtkWidget parent_instance;

  CwbFrozen *frozen; /* (nullable), lent */
  GtkWidget *list;
  GPtrArray *rows; /* Row */
  char *shape;     /* what the rows are for */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (CwbDrawnList, cwb_drawn_list, GTK_TYPE_WIDGET)

static guint changed_signal;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->step);
  g_free (row);
}

static Row *
find_row (CwbDrawnList *self, gpointer control)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = self->rows->pdata[i];

      if (row->spin == control || row->lock == control)
        return row;
    }
  return NULL;
}

static void
hold (CwbDrawnList *self, const Row *row, gboolean held)
{
  if (held)
    cwb_frozen_set (self->frozen, row->view, row->step, row->number,
                    (float) gtk_spin_button_get_value (GTK_SPIN_BUTTON (row->spin)));
  else
    cwb_frozen_unset (self->frozen, row->view, row->step, row->number);
  g_signal_emit (self, changed_signal, 0);
}

static void
on_value (GtkSpinButton *spin, CwbDrawnList *self)
{
  const Row *row = find_row (self, spin);

  if (self->updating || self->frozen == NULL || row == NULL)
    return;
  self->updating = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (row->lock), TRUE);
  self->updating = FALSE;
  hold (self, row, TRUE);
}

static void
on_lock (GtkToggleButton *lock, CwbDrawnList *self)
{
  const Row *row = find_row (self, lock);

  if (!self->updating && self->frozen != NULL && row != NULL)
    hold (self, row, gtk_toggle_button_get_active (lock));
}

/* ---- rows ---- */

static void
clear_rows (CwbDrawnList *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  g_ptr_array_set_size (self->rows, 0);
}

static void
show_lock (GtkToggleButton *lock)
{
  gtk_button_set_icon_name (GTK_BUTTON (lock), gtk_toggle_button_get_active (lock)
                                                   ? "changes-prevent-symbolic"
                                                   : "changes-allow-symbolic");
}

static GtkWidget *
make_lock (const char *title)
{
  GtkWidget *lock = gtk_toggle_button_new ();
  /* Translators: a drawn value that is held is not drawn anew */
  g_autofree char *text = g_strdup_printf (_ ("Hold “%s”"), title);

  show_lock (GTK_TOGGLE_BUTTON (lock));
  g_signal_connect (lock, "toggled", G_CALLBACK (show_lock), NULL);
  gtk_widget_add_css_class (lock, "flat");
  gtk_widget_set_valign (lock, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (lock, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (lock), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return lock;
}

static gboolean
write_flag (GtkSpinButton *spin)
{
  gtk_editable_set_text (GTK_EDITABLE (spin),
                         gtk_spin_button_get_value (spin) >= 0.5 ? _ ("Yes") : _ ("No"));
  return TRUE;
}

static int
read_flag (GtkSpinButton *spin, double *value, gpointer unused)
{
  *value = g_utf8_collate (gtk_editable_get_text (GTK_EDITABLE (spin)), _ ("Yes")) == 0;
  return TRUE;
}

/* What is 0 or 1 is a word. */
static GtkWidget *
make_spin (const char *title, gboolean is_flag)
{
  GtkWidget *spin = is_flag ? gtk_spin_button_new_with_range (0, 1, 1)
                            : gtk_spin_button_new_with_range (-1e6, 1e6, 0.05);

  if (is_flag)
    {
      gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), FALSE);
      g_signal_connect (spin, "output", G_CALLBACK (write_flag), NULL);
      g_signal_connect (spin, "input", G_CALLBACK (read_flag), NULL);
      gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
    }
  else
    gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), 3);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 7);
  cwb_param_row_stop_scroll (spin);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return spin;
}

static void
add_row (CwbDrawnList *self, int view, const char *step, int number, const char *title,
         const char *unit)
{
  Row *row = g_new0 (Row, 1);
  GtkWidget *widget = adw_action_row_new ();
  gboolean is_flag = g_strcmp0 (unit, CW_UNIT_FLAG) == 0;

  row->view = view;
  row->step = g_strdup (step);
  row->number = number;
  row->spin = make_spin (title, is_flag);
  row->lock = make_lock (title);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (widget), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), title);
  if (unit != NULL && *unit != '\0' && !is_flag)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (widget), unit);
  g_signal_connect (row->spin, "value-changed", G_CALLBACK (on_value), self);
  g_signal_connect (row->lock, "toggled", G_CALLBACK (on_lock), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->spin);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->lock);
  gtk_list_box_append (GTK_LIST_BOX (self->list), widget);
  g_ptr_array_add (self->rows, row);
}

static void
add_warp_rows (CwbDrawnList *self, int view, const CwWarpDraw *warp)
{
  const char *names[FIELDS_OF_PUSH]
      = { _ ("x"), _ ("y"), _ ("moved in x"), _ ("moved in y"), _ ("radius") };

  add_row (self, view, CWB_FROZEN_WARP, CWB_FROZEN_MAGNITUDE, _ ("Warp: largest displacement"),
           _ ("px; 0 = as pushed"));
  for (int i = 0; i < MIN (warp->n, MOST_PUSHES); i++)
    {
      for (int j = 0; j < FIELDS_OF_PUSH; j++)
        {
          /* Translators: a value of one push of a warp */
          g_autofree char *title = g_strdup_printf (_ ("Push %d: %s"), i + 1, names[j]);

          add_row (self, view, CWB_FROZEN_WARP, FIELDS_OF_PUSH * i + j, title, _ ("px"));
        }
    }
}

/* With the step's name where the transform's does not say which of several it is. */
static char *
dup_title (const CwPipelineStep *step, const CwDrawnSpec *drawn)
{
  const char *transform = g_dgettext (GETTEXT_PACKAGE, step->transform->base.label);
  const char *value = g_dgettext (GETTEXT_PACKAGE, drawn->label);

  if (g_str_equal (step->name, step->transform->base.id))
    return g_strdup_printf ("%s: %s", transform, value);
  return g_strdup_printf ("%s (%s): %s", transform, step->name, value);
}

/* The transform of a negative that shares the positive's is listed, and held, as the positive's. */
static void
add_rows (CwbDrawnList *self, const CwViews *views, int view, const CwViewDraw *draw)
{
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      const CwPipelineStep *step = &views->pipeline->steps[i];

      for (int j = 0; j < step->transform->n_drawn && !draw->skipped[i]; j++)
        {
          const CwDrawnSpec *drawn = &step->transform->drawn[j];
          g_autofree char *title = dup_title (step, drawn);

          add_row (self, cwb_frozen_get_owner (views, view), step->name, j, title, drawn->unit);
        }
    }
  if (draw->warped)
    add_warp_rows (self, view, &draw->warp);
}

static char *
dup_shape (const CwViews *views, int view, const CwViewDraw *draw)
{
  GString *shape = g_string_new (NULL);

  g_string_append_printf (shape, "%d %d %d", view, cwb_frozen_get_owner (views, view),
                          draw->warped ? MIN (draw->warp.n, MOST_PUSHES) : -1);
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      if (!draw->skipped[i])
        g_string_append_printf (shape, " %s", views->pipeline->steps[i].name);
    }
  return g_string_free (shape, FALSE);
}

static float
get_value (const CwViews *views, const CwViewDraw *draw, const Row *row)
{
  if (g_str_equal (row->step, CWB_FROZEN_WARP))
    {
      const CwPush *push = &draw->warp.push[MAX (row->number, 0) / FIELDS_OF_PUSH];
      const float fields[FIELDS_OF_PUSH] = { push->x, push->y, push->dx, push->dy, push->radius };

      return row->number == CWB_FROZEN_MAGNITUDE ? draw->warp.magnitude
                                                 : fields[row->number % FIELDS_OF_PUSH];
    }
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      if (g_str_equal (views->pipeline->steps[i].name, row->step))
        return draw->values[i][row->number];
    }
  return 0;
}

static void
update_row (const Row *row, float value, gboolean held)
{
  double shown = gtk_spin_button_get_value (GTK_SPIN_BUTTON (row->spin));

  /* Not while it says the same: the cursor of who is typing would jump. */
  if (fabs (shown - (double) value) > 5e-4)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (row->spin), (double) value);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (row->lock), held);
}

void
cwb_drawn_list_show (CwbDrawnList *self, const CwViews *views, int view, const CwViewDraw *draw)
{
  g_autofree char *shape = dup_shape (views, view, draw);

  self->updating = TRUE;
  if (g_strcmp0 (shape, self->shape) != 0)
    {
      clear_rows (self);
      add_rows (self, views, view, draw);
      g_free (self->shape);
      self->shape = g_steal_pointer (&shape);
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];
      float held;

      update_row (row, get_value (views, draw, row),
                  self->frozen != NULL
                      && cwb_frozen_get (self->frozen, row->view, row->step, row->number, &held));
    }
  self->updating = FALSE;
}

void
cwb_drawn_list_set_frozen (CwbDrawnList *self, CwbFrozen *frozen)
{
  self->frozen = frozen;
}

/* ---- object ---- */

static void
cwb_drawn_list_dispose (GObject *object)
{
  CwbDrawnList *self = CWB_DRAWN_LIST (object);

  g_clear_pointer (&self->list, gtk_widget_unparent);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->shape, g_free);
  G_OBJECT_CLASS (cwb_drawn_list_parent_class)->dispose (object);
}

static void
cwb_drawn_list_class_init (CwbDrawnListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_drawn_list_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
cwb_drawn_list_init (CwbDrawnList *self)
{
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Drawn values"), -1);
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
}

GtkWidget *
cwb_drawn_list_new (void)
{
  return g_object_new (CWB_TYPE_DRAWN_LIST, NULL);
}
