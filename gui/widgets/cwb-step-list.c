/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-step-list.h"

#include "widgets/cwb-step-row.h"

#include <glib/gi18n.h>

struct _CwbStepList
{
  GtkWidget parent_instance;

  CwViews *views;       /* (nullable), lent */
  GHashTable *expanded; /* names of steps */
  GtkWidget *box, *rows, *preset, *remark;
  GtkWidget *menu; /* of all rows: GTK 4.8 does not take it well when a menu goes that was just used */
  char *menu_step; /* the name of the step that it was last shown for */
  GPtrArray *gone; /* rows that were taken away, while they may be handling a signal still */
  guint gone_id;
  gboolean building;
};

G_DEFINE_FINAL_TYPE (CwbStepList, cwb_step_list, GTK_TYPE_WIDGET)

static guint edited_signal;

static void build (CwbStepList *self);

/* ---- edits ---- */

static gboolean
forget_gone (gpointer data)
{
  CwbStepList *self = data;

  self->gone_id = 0;
  g_ptr_array_set_size (self->gone, 0);
  return G_SOURCE_REMOVE;
}

/* Before anything happens to the steps that they show. */
static void
take_rows_away (CwbStepList *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->rows)) != NULL)
    {
      g_ptr_array_add (self->gone, g_object_ref (row));
      gtk_list_box_remove (GTK_LIST_BOX (self->rows), row);
    }
  if (self->gone_id == 0)
    self->gone_id = g_idle_add (forget_gone, self);
}

static CwbStepRow *
find_row (CwbStepList *self, const char *step)
{
  for (GtkWidget *row = gtk_widget_get_first_child (self->rows); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      if (g_str_equal (cwb_step_row_get_step (CWB_STEP_ROW (row)), step))
        return CWB_STEP_ROW (row);
    }
  return NULL;
}

static int
find_step (CwbStepList *self, const char *name)
{
  for (int i = 0; i < self->views->pipeline->n_steps; i++)
    {
      if (g_str_equal (self->views->pipeline->steps[i].name, name))
        return i;
    }
  return -1;
}

/* Makes the rows anew with the focus on that of the step at @focus, if there is one. */
static void
finish_edit (CwbStepList *self, int focus, const char *label)
{
  CwPipeline *pipeline = self->views->pipeline;

  build (self);
  focus = MIN (focus, pipeline->n_steps - 1);
  if (focus >= 0)
    cwb_step_row_focus (find_row (self, pipeline->steps[focus].name));
  g_signal_emit (self, edited_signal, 0, label, NULL);
}

static void
move (CwbStepList *self, int from, int to)
{
  CwPipeline *pipeline = self->views->pipeline;
  g_autofree char *label = NULL;

  if (from < 0 || to < 0 || to >= pipeline->n_steps || from == to)
    return;
  /* Translators: an edit that can be undone; a step's name */
  label = g_strdup_printf (_ ("Move “%s”"), pipeline->steps[from].name);
  take_rows_away (self);
  cw_pipeline_move (pipeline, from, to);
  finish_edit (self, to, label);
}

static void
duplicate (CwbStepList *self, int index)
{
  CwPipeline *pipeline = self->views->pipeline;
  /* Translators: an edit that can be undone; a step's name */
  g_autofree char *label = g_strdup_printf (_ ("Duplicate “%s”"), pipeline->steps[index].name);

  take_rows_away (self);
  /* A full pipeline has no such action. */
  if (cw_pipeline_duplicate (pipeline, index, NULL) != NULL)
    index++;
  finish_edit (self, index, label);
}

static void
reset (CwbStepList *self, int index)
{
  /* Translators: an edit that can be undone; a step's name */
  g_autofree char *label
      = g_strdup_printf (_ ("Reset “%s”"), self->views->pipeline->steps[index].name);

  take_rows_away (self);
  cw_pipeline_reset (self->views->pipeline, index);
  finish_edit (self, index, label);
}

static void
remove_step (CwbStepList *self, int index)
{
  /* Translators: an edit that can be undone; a step's name */
  g_autofree char *label
      = g_strdup_printf (_ ("Remove “%s”"), self->views->pipeline->steps[index].name);

  take_rows_away (self);
  cw_pipeline_remove (self->views->pipeline, index);
  finish_edit (self, index, label);
}

static void
on_command (CwbStepRow *row, const char *command, CwbStepList *self)
{
  int index = find_step (self, cwb_step_row_get_step (row));

  if (g_str_equal (command, "up"))
    move (self, index, index - 1);
  else if (g_str_equal (command, "down"))
    move (self, index, index + 1);
  else if (g_str_equal (command, "duplicate"))
    duplicate (self, index);
  else if (g_str_equal (command, "reset"))
    reset (self, index);
  else
    remove_step (self, index);
}

static void
on_dropped (CwbStepRow *row, CwbStepRow *other, CwbStepList *self)
{
  move (self, find_step (self, cwb_step_row_get_step (other)),
        find_step (self, cwb_step_row_get_step (row)));
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbStepList *self = CWB_STEP_LIST (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  const CwDescriptor *transform = cw_registry_find (CW_KIND_TRANSFORM, id, NULL);
  g_autofree char *label = NULL;
  CwPipelineStep *step;

  if (self->views == NULL || transform == NULL)
    return;
  take_rows_away (self);
  step = cw_pipeline_append (self->views->pipeline, (const CwTransformClass *) transform, NULL,
                             NULL);
  if (step != NULL)
    g_hash_table_add (self->expanded, g_strdup (step->name));
  /* Translators: an edit that can be undone; a step's name */
  label = g_strdup_printf (_ ("Add “%s”"), step != NULL ? step->name : id);
  finish_edit (self, self->views->pipeline->n_steps - 1, label);
}

/* ---- the menu of a step ---- */

static const char *const commands[] = { "up", "down", "duplicate", "reset", "remove" };

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbStepList *self = CWB_STEP_LIST (widget);
  CwbStepRow *row = self->menu_step != NULL ? find_row (self, self->menu_step) : NULL;

  if (row != NULL)
    on_command (row, name + strlen ("steps."), self);
}

static void
on_menu (CwbStepRow *row, GtkWidget *button, CwbStepList *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int index = find_step (self, cwb_step_row_get_step (row));
  int n = self->views->pipeline->n_steps;
  graphene_rect_t bounds;

  g_free (self->menu_step);
  self->menu_step = g_strdup (cwb_step_row_get_step (row));
  gtk_widget_action_set_enabled (widget, "steps.up", index > 0);
  gtk_widget_action_set_enabled (widget, "steps.down", index < n - 1);
  gtk_widget_action_set_enabled (widget, "steps.duplicate", n < CW_PIPELINE_MAX_STEPS);
  if (!gtk_widget_compute_bounds (button, widget, &bounds))
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y,
                                                (int) bounds.size.width,
                                                (int) bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static GtkWidget *
make_menu (void)
{
  GMenu *menu = g_menu_new (), *order = g_menu_new (), *rest = g_menu_new ();
  GtkWidget *popover;

  g_menu_append (order, _ ("Move _Up"), "steps.up");
  g_menu_append (order, _ ("Move _Down"), "steps.down");
  g_menu_append (rest, _ ("_Duplicate"), "steps.duplicate");
  g_menu_append (rest, _ ("_Reset to Defaults"), "steps.reset");
  g_menu_append (rest, _ ("Re_move"), "steps.remove");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (order));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  g_object_unref (order);
  g_object_unref (rest);
  g_object_unref (menu);
  return popover;
}

/* ---- presets ---- */

static void
show_preset (CwbStepList *self)
{
  const char *const *names = cw_pipeline_preset_names ();
  GtkStringList *list = GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (self->preset)));
  guint n = g_strv_length ((char **) names), found = n;
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (guint i = 0; i < n && found == n; i++)
    {
      g_autoptr (CwPipeline) preset = cw_pipeline_new_preset (names[i], NULL);

      if (cw_pipeline_equal (preset, self->views->pipeline))
        found = i;
    }
  self->building = TRUE;
  /* Nobody can choose "custom". */
  if (found == n && n_shown == n)
    gtk_string_list_append (list, _ ("custom"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->preset), found);
  if (found < n && n_shown > n)
    gtk_string_list_remove (list, n);
  self->building = FALSE;
}

static void
on_preset (CwbStepList *self)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->preset));
  const char *const *names = cw_pipeline_preset_names ();
  g_autofree char *label = NULL;

  if (self->building || self->views == NULL || chosen >= g_strv_length ((char **) names))
    return;
  take_rows_away (self);
  cw_pipeline_free (self->views->pipeline);
  self->views->pipeline = cw_pipeline_new_preset (names[chosen], NULL);
  /* Translators: an edit that can be undone; the name of a pipeline */
  label = g_strdup_printf (_ ("Pipeline “%s”"), names[chosen]);
  finish_edit (self, -1, label);
}

static GtkWidget *
make_preset_row (CwbStepList *self)
{
  GtkWidget *row = adw_action_row_new ();

  self->preset = gtk_drop_down_new_from_strings (cw_pipeline_preset_names ());
  gtk_widget_set_valign (self->preset, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->preset), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Pipeline"), -1);
  g_signal_connect_swapped (self->preset, "notify::selected", G_CALLBACK (on_preset), self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Pipeline"));
  gtk_widget_set_tooltip_text (row, _ ("The steps of a pipeline that comes with the program"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->preset);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), self->preset);
  return row;
}

/* ---- rows ---- */

static void
on_edited (CwbStepRow *row, const char *label, const char *key, CwbStepList *self)
{
  show_preset (self);
  g_signal_emit (self, edited_signal, 0, label, key);
}

static void
on_expanded (CwbStepRow *row, GParamSpec *pspec, CwbStepList *self)
{
  const char *step = cwb_step_row_get_step (row);

  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (row)))
    g_hash_table_add (self->expanded, g_strdup (step));
  else
    g_hash_table_remove (self->expanded, step);
}

static void
build (CwbStepList *self)
{
  for (int i = 0; i < self->views->pipeline->n_steps; i++)
    {
      GtkWidget *row = cwb_step_row_new (self->views->pipeline, i);
      const char *step = cwb_step_row_get_step (CWB_STEP_ROW (row));

      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row),
                                     g_hash_table_contains (self->expanded, step));
      g_signal_connect (row, "edited", G_CALLBACK (on_edited), self);
      g_signal_connect (row, "command", G_CALLBACK (on_command), self);
      g_signal_connect (row, "dropped", G_CALLBACK (on_dropped), self);
      g_signal_connect (row, "menu", G_CALLBACK (on_menu), self);
      g_signal_connect (row, "notify::expanded", G_CALLBACK (on_expanded), self);
      gtk_list_box_append (GTK_LIST_BOX (self->rows), row);
    }
  gtk_widget_set_visible (self->rows, self->views->pipeline->n_steps > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "steps.add",
                                 self->views->pipeline->n_steps < CW_PIPELINE_MAX_STEPS);
  show_preset (self);
}

void
cwb_step_list_set_views (CwbStepList *self, CwViews *views)
{
  g_return_if_fail (CWB_IS_STEP_LIST (self));

  take_rows_away (self);
  self->views = views;
  if (views != NULL)
    build (self);
}

void
cwb_step_list_set_remarks (CwbStepList *self, const GPtrArray *remarks)
{
  const char *text = NULL;

  for (guint i = 0; i < remarks->len; i++)
    {
      const CwExperimentRemark *remark = remarks->pdata[i];

      if (g_str_equal (remark->section, "view"))
        text = remark->message;
    }
  gtk_label_set_text (GTK_LABEL (self->remark), text != NULL ? text : "");
  gtk_widget_set_visible (self->remark, text != NULL);
  for (GtkWidget *row = gtk_widget_get_first_child (self->rows); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    cwb_step_row_set_remarks (CWB_STEP_ROW (row), remarks);
}

/* ---- object ---- */

static GMenuModel *
make_add_menu (void)
{
  g_autoptr (GPtrArray) transforms = cw_registry_list (CW_KIND_TRANSFORM);
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < transforms->len; i++)
    {
      const CwDescriptor *transform = transforms->pdata[i];
      g_autoptr (GMenuItem) item
          = g_menu_item_new (g_dgettext (GETTEXT_PACKAGE, transform->label), NULL);

      g_menu_item_set_action_and_target (item, "steps.add", "s", transform->id);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

static GtkWidget *
make_add_button (void)
{
  GtkWidget *button = gtk_menu_button_new (), *content = adw_button_content_new ();
  g_autoptr (GMenuModel) menu = make_add_menu ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "list-add-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _ ("_Add Step"));
  adw_button_content_set_use_underline (ADW_BUTTON_CONTENT (content), TRUE);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), content);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_set_tooltip_text (button, _ ("Add a transform after the others"));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  return button;
}

static GtkWidget *
make_list (const char *label)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return list;
}

static void
cwb_step_list_dispose (GObject *object)
{
  CwbStepList *self = CWB_STEP_LIST (object);

  g_clear_handle_id (&self->gone_id, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->menu_step, g_free);
  g_clear_pointer (&self->gone, g_ptr_array_unref);
  g_clear_pointer (&self->expanded, g_hash_table_unref);
  G_OBJECT_CLASS (cwb_step_list_parent_class)->dispose (object);
}

static void
cwb_step_list_class_init (CwbStepListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_step_list_dispose;
  edited_signal = g_signal_new ("edited", CWB_TYPE_STEP_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "steps.add", "s", add_action);
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *name = g_strconcat ("steps.", commands[i], NULL);

      gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), name, NULL, menu_action);
    }
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
cwb_step_list_init (CwbStepList *self)
{
  GtkWidget *chooser = make_list (_ ("Pipeline"));

  self->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->gone = g_ptr_array_new_with_free_func (g_object_unref);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_list_box_append (GTK_LIST_BOX (chooser), make_preset_row (self));
  self->rows = make_list (_ ("Steps of the pipeline"));
  self->remark = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->remark), 0);
  gtk_label_set_wrap (GTK_LABEL (self->remark), TRUE);
  gtk_widget_add_css_class (self->remark, "caption");
  gtk_widget_add_css_class (self->remark, "warning");
  gtk_widget_set_visible (self->remark, FALSE);
  gtk_box_append (GTK_BOX (self->box), chooser);
  gtk_box_append (GTK_BOX (self->box), self->rows);
  gtk_box_append (GTK_BOX (self->box), self->remark);
  gtk_box_append (GTK_BOX (self->box), make_add_button ());
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->menu = make_menu ();
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
}

GtkWidget *
cwb_step_list_new (void)
{
  return g_object_new (CWB_TYPE_STEP_LIST, NULL);
}
