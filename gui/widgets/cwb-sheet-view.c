/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-sheet-view.h"

#include "draw/cwb-draw-sheet.h"
#include "util/cwb-task.h"
#include "widgets/cwb-param-row.h"
#include "widgets/cwb-side-layout.h"

#include <glib/gi18n.h>

/* On the screen, as the width allows. */
#define LEAST_CELL 64.0
#define MOST_CELL 160.0
#define EXPORT_CELL 128.0

struct _CwbSheetView
{
  AdwBin parent_instance;

  CwbScene *scene;       /* (nullable) */
  GPtrArray *parameters; /* of its views */
  CwbTask *task;         /* (nullable) */
  gboolean dirty;        /* something changed since the task began */
  gboolean filling;      /* the lists are being filled: no signal counts */
  CwbSheet *sheet;       /* (nullable) */
  GtkFileChooserNative *chooser;

  GtkStack *stack;
  GtkWidget *area, *rows_range;
  double cell; /* of what is shown */
  GtkLabel *error_label;
  AdwComboRow *kind_row, *view_row, *columns_key, *rows_key;
  GtkSpinButton *columns_spin, *rows_spin;
  GtkSpinButton *columns_from, *columns_to, *rows_from, *rows_to;
};

G_DEFINE_FINAL_TYPE (CwbSheetView, cwb_sheet_view, ADW_TYPE_BIN)

/* ---- making ---- */

typedef struct
{
  CwbScene *scene;
  CwbSheetSpec spec;
  char *rows_key, *columns_key;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  cwb_scene_free (request->scene);
  g_free (request->rows_key);
  g_free (request->columns_key);
  g_free (request);
}

static gpointer
make_work (gpointer data, CwJob *job, GError **error)
{
  const Request *request = data;

  return cwb_sheet_new (request->scene, &request->spec, job, error);
}

static void make (CwbSheetView *self);

static void
show_sheet (CwbSheetView *self)
{
  double width, height, room = gtk_widget_get_width (GTK_WIDGET (self->stack));

  /* Of one cell per column the rest is margins and labels. */
  cwb_sheet_measure (self->sheet, LEAST_CELL, &width, &height);
  self->cell = CLAMP (LEAST_CELL + (room - width) / self->sheet->n_columns, LEAST_CELL, MOST_CELL);
  cwb_sheet_measure (self->sheet, self->cell, &width, &height);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->area), (int) width);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->area), (int) height);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->sheet->title, -1);
  gtk_widget_queue_draw (self->area);
}

static void
make_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbSheetView *self = CWB_SHEET_VIEW (owner);

  g_clear_pointer (&self->task, cwb_task_unref);
  g_clear_pointer (&self->sheet, cwb_sheet_free);
  self->sheet = result;
  if (result != NULL)
    show_sheet (self);
  else
    gtk_label_set_text (self->error_label, error->message);
  gtk_stack_set_visible_child_name (self->stack, result != NULL ? "sheet" : "error");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sheet.export", result != NULL);
  if (self->dirty)
    make (self);
}

static const CwbTaskClass make_class = {
  .work = make_work,
  .done = make_done,
  .free_data = request_free,
  .free_result = (GDestroyNotify) cwb_sheet_free,
};

/* (transfer full) (nullable): what is chosen; the first of the rows' list is nothing. */
static char *
dup_key (CwbSheetView *self, AdwComboRow *row, guint offset)
{
  guint selected = adw_combo_row_get_selected (row);
  const CwbSheetParameter *parameter;

  if (selected == GTK_INVALID_LIST_POSITION || selected < offset
      || selected - offset >= self->parameters->len)
    return NULL;
  parameter = g_ptr_array_index (self->parameters, selected - offset);
  return g_strdup (parameter->key);
}

static Request *
make_request (CwbSheetView *self)
{
  Request *request = g_new0 (Request, 1);

  request->scene = cwb_scene_copy (self->scene);
  request->columns_key = dup_key (self, self->columns_key, 0);
  request->rows_key = dup_key (self, self->rows_key, 1);
  request->spec = (CwbSheetSpec) {
    .kind = (CwbSheetKind) adw_combo_row_get_selected (self->kind_row),
    .view = (int) adw_combo_row_get_selected (self->view_row),
    .n_columns = gtk_spin_button_get_value_as_int (self->columns_spin),
    .n_rows = gtk_spin_button_get_value_as_int (self->rows_spin),
    .columns = { request->columns_key, gtk_spin_button_get_value (self->columns_from),
                 gtk_spin_button_get_value (self->columns_to) },
    .rows = { request->rows_key, gtk_spin_button_get_value (self->rows_from),
              gtk_spin_button_get_value (self->rows_to) },
  };
  if (request->spec.kind == CWB_SHEET_SWEEP && request->rows_key == NULL)
    request->spec.n_rows = 1;
  return request;
}

/* One at a time; what changes meanwhile is made once, in its last state. */
static void
make (CwbSheetView *self)
{
  if (self->scene == NULL || self->filling)
    return;
  self->dirty = self->task != NULL;
  if (self->task == NULL)
    self->task = cwb_task_start (&make_class, self, make_request (self));
}

/* ---- controls ---- */

static void
on_changed (CwbSheetView *self)
{
  make (self);
}

/* What does not count is not there. */
static void
show_controls (CwbSheetView *self)
{
  gboolean sweep = adw_combo_row_get_selected (self->kind_row) == CWB_SHEET_SWEEP;
  gboolean by_rows = adw_combo_row_get_selected (self->rows_key) > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->columns_key), sweep);
  gtk_widget_set_visible (GTK_WIDGET (self->rows_key), sweep);
  gtk_widget_set_visible (self->rows_range, sweep && by_rows);
  gtk_widget_set_sensitive (GTK_WIDGET (self->rows_spin), !sweep || by_rows);
}

static void
on_kind_changed (CwbSheetView *self)
{
  show_controls (self);
  make (self);
}

/* From the least to the most that the parameter allows, where that is not many times its default. */
static void
set_range (CwbSheetView *self, const CwbSheetParameter *parameter, GtkSpinButton *from,
           GtkSpinButton *to)
{
  const CwParamSpec *spec = parameter->spec;
  double high = spec->def > 0 ? MIN (spec->max, 4 * spec->def) : spec->max;
  double step = spec->type == CW_PARAM_INT ? 1 : MAX ((high - spec->min) / 50, 0.001);

  self->filling = TRUE;
  gtk_spin_button_set_increments (from, step, step);
  gtk_spin_button_set_increments (to, step, step);
  gtk_spin_button_set_range (from, spec->min, spec->max);
  gtk_spin_button_set_range (to, spec->min, spec->max);
  gtk_spin_button_set_value (from, spec->min);
  gtk_spin_button_set_value (to, high);
  self->filling = FALSE;
}

static void
on_key (CwbSheetView *self, AdwComboRow *row, guint offset, GtkSpinButton *from, GtkSpinButton *to)
{
  guint selected = adw_combo_row_get_selected (row);

  if (self->filling)
    return;
  if (selected >= offset && selected - offset < self->parameters->len)
    set_range (self, g_ptr_array_index (self->parameters, selected - offset), from, to);
  make (self);
}

static void
on_columns_key (CwbSheetView *self)
{
  on_key (self, self->columns_key, 0, self->columns_from, self->columns_to);
}

static void
on_rows_key (CwbSheetView *self)
{
  show_controls (self);
  on_key (self, self->rows_key, 1, self->rows_from, self->rows_to);
}

/* The magnitude of the warp comes first to mind. */
static void
fill_lists (CwbSheetView *self)
{
  g_autoptr (GtkStringList) columns = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) rows = gtk_string_list_new (NULL);
  guint magnitude = 0;

  gtk_string_list_append (rows, _ ("Nothing"));
  for (guint i = 0; i < self->parameters->len; i++)
    {
      const CwbSheetParameter *parameter = g_ptr_array_index (self->parameters, i);

      gtk_string_list_append (columns, parameter->label);
      gtk_string_list_append (rows, parameter->label);
      if (g_str_equal (parameter->key, "warp.magnitude"))
        magnitude = i;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (self->columns_key, G_LIST_MODEL (columns));
  adw_combo_row_set_model (self->rows_key, G_LIST_MODEL (rows));
  adw_combo_row_set_selected (self->columns_key, magnitude);
  self->filling = FALSE;
  if (self->parameters->len > 0)
    set_range (self, g_ptr_array_index (self->parameters, magnitude), self->columns_from,
               self->columns_to);
}

/* ---- files ---- */

static void
on_response (CwbSheetView *self, int response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL
      && !cwb_sheet_view_export (self, path, &error))
    {
      gtk_label_set_text (self->error_label, error->message);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  g_clear_object (&self->chooser);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbSheetView *self = CWB_SHEET_VIEW (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Export the Sheet"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "sheet.png");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_response), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- object ---- */

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  CwbSheetView *self = data;

  if (self->sheet != NULL)
    cwb_draw_sheet (cr, self->sheet, self->cell);
}

static void
cwb_sheet_view_dispose (GObject *object)
{
  CwbSheetView *self = CWB_SHEET_VIEW (object);

  cwb_task_clear (&self->task);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_SHEET_VIEW);
  g_clear_pointer (&self->sheet, cwb_sheet_free);
  g_clear_pointer (&self->scene, cwb_scene_free);
  g_clear_pointer (&self->parameters, g_ptr_array_unref);
  G_OBJECT_CLASS (cwb_sheet_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-sheet-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, area);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, error_label);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, kind_row);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, view_row);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, columns_key);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, rows_key);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, rows_range);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, columns_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, rows_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, columns_from);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, columns_to);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, rows_from);
  gtk_widget_class_bind_template_child (widget_class, CwbSheetView, rows_to);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_columns_key);
  gtk_widget_class_bind_template_callback (widget_class, on_rows_key);
}

static void
cwb_sheet_view_class_init (CwbSheetViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_sheet_view_dispose;
  g_type_ensure (CWB_TYPE_SIDE_LAYOUT);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "sheet.export", NULL, export_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "sheet.export", NULL);
}

static void
cwb_sheet_view_init (CwbSheetView *self)
{
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_selected (self->view_row, 2);
  self->filling = FALSE;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sheet.export", FALSE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw, self, NULL);
  on_kind_changed (self);
}

GtkWidget *
cwb_sheet_view_new (void)
{
  return g_object_new (CWB_TYPE_SHEET_VIEW, NULL);
}

void
cwb_sheet_view_take_scene (CwbSheetView *self, CwbScene *scene)
{
  g_return_if_fail (CWB_IS_SHEET_VIEW (self));

  g_clear_pointer (&self->scene, cwb_scene_free);
  g_clear_pointer (&self->parameters, g_ptr_array_unref);
  self->scene = scene;
  self->parameters = cwb_sheet_list_parameters (scene->views);
  fill_lists (self);
  make (self);
}

void
cwb_sheet_view_set_kind (CwbSheetView *self, CwbSheetKind kind)
{
  g_return_if_fail (CWB_IS_SHEET_VIEW (self));
  adw_combo_row_set_selected (self->kind_row, kind);
}

const CwbSheet *
cwb_sheet_view_get_sheet (CwbSheetView *self)
{
  g_return_val_if_fail (CWB_IS_SHEET_VIEW (self), NULL);
  return self->sheet;
}

gboolean
cwb_sheet_view_get_busy (CwbSheetView *self)
{
  g_return_val_if_fail (CWB_IS_SHEET_VIEW (self), FALSE);
  return self->task != NULL || self->dirty;
}

gboolean
cwb_sheet_view_export (CwbSheetView *self, const char *path, GError **error)
{
  g_return_val_if_fail (CWB_IS_SHEET_VIEW (self), FALSE);
  g_return_val_if_fail (self->sheet != NULL, FALSE);
  return cwb_sheet_export (self->sheet, EXPORT_CELL, path, error);
}
