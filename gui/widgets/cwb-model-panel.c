/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-model-panel.h"

#include "draw/cwb-draw-field.h"
#include "draw/cwb-draw-judgement.h"
#include "util/cwb-task.h"
#include "util/cwb-text-scale.h"
#include "widgets/cwb-chart.h"
#include "widgets/cwb-face-cell.h"

#include <glib/gi18n.h>
#include <math.h>

/* Nothing changed for so long: the person has stopped dragging. */
#define SETTLE_MS 250
/* A run that goes on is asked for its encoder this often while the panel is on screen. */
#define LIVE_S 3
#define SWEEP_SIDE_PX 240
#define CELL_SIDE 64
#define MOST_BARS CWB_EXPLORATION_MOST_PICTURES

struct _CwbModelPanel
{
  AdwBin parent_instance;

  CwbSession *session;
  CwbScene *scene;    /* (nullable): what is shown */
  CwbTask *task;      /* (nullable): the judgement under way */
  guint settle_id, live_id;
  CwbJudgement *judgement; /* (nullable): of the scene */
  CwImage *anchor;
  CwbBar bars[MOST_BARS];
  char *names[MOST_BARS]; /* of the bars, in any order */
  int n_bars;

  GtkLabel *note, *origin, *neighbours_origin;
  GtkButton *note_button;
  GtkWidget *content, *bars_area, *sweep_area, *neighbours_box, *embed_box;
  GtkSpinner *spinner;
  CwbChart *chart;
  GtkFlowBox *neighbours[2];
};

G_DEFINE_FINAL_TYPE (CwbModelPanel, cwb_model_panel, ADW_TYPE_BIN)

/* ---- bars ---- */

static void
draw_bars (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  CwbModelPanel *self = data;
  double scale = cwb_text_scale (GTK_WIDGET (area));
  CwbPalette palette;

  cwb_palette_from_widget (&palette, GTK_WIDGET (area));
  cairo_scale (cr, scale, scale);
  cwb_draw_bars (cr, width / scale, self->bars, self->n_bars, &palette);
}

static int
compare_bars (gconstpointer a, gconstpointer b)
{
  const CwbBar *x = a, *y = b;

  return (x->value < y->value) - (x->value > y->value);
}

static void
size_bars (CwbModelPanel *self)
{
  double height = self->n_bars * CWB_BAR_HEIGHT * cwb_text_scale (self->bars_area);

  gtk_widget_set_size_request (self->bars_area, -1, (int) ceil (height));
}

/* The most similar first: a good encoder has the positives above the warp negatives. */
static void
show_bars (CwbModelPanel *self, const CwbExploration *exploration)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < self->n_bars; i++)
    g_free (self->names[i]);
  self->n_bars = 0;
  for (int i = 2; i < exploration->n_pictures; i++)
    {
      if (!exploration->pictures[i].compared)
        continue;
      self->names[self->n_bars] = g_strdup (exploration->pictures[i].title);
      self->bars[self->n_bars] = (CwbBar) { self->names[self->n_bars],
                                            (double) exploration->pictures[i].similarity,
                                            exploration->pictures[i].view == 1 ? 0 : 1 };
      self->n_bars++;
    }
  qsort (self->bars, (size_t) self->n_bars, sizeof self->bars[0], compare_bars);
  for (int i = 0; i < self->n_bars; i++)
    g_string_append_printf (text, "%s%s %.2f", i > 0 ? ", " : "", self->bars[i].name,
                            self->bars[i].value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bars_area),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
  g_string_free (text, TRUE);
  size_bars (self);
  gtk_widget_queue_draw (self->bars_area);
}

/* ---- curve ---- */

static void
show_curve (CwbModelPanel *self)
{
  CwbChartModel *model = cwb_chart_get_model (self->chart);

  cwb_chart_model_clear (model);
  for (int i = 0; self->judgement != NULL && i < CWB_JUDGEMENT_N_STEPS; i++)
    {
      double x = (double) self->judgement->curve[i].displacement;

      cwb_chart_model_append (model, 0, x, (double) self->judgement->curve[i].anchor);
      cwb_chart_model_append (model, 1, x, (double) self->judgement->curve[i].unwarped);
    }
  cwb_chart_changed (self->chart);
}

/* ---- sweep ---- */

static void
draw_sweep (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  CwbModelPanel *self = data;
  CwbViewport whole = cwb_viewport_whole ();
  CwbPlace place;

  if (self->anchor == NULL)
    return;
  place = cwb_viewport_place (&whole, width, height, self->anchor->w, self->anchor->h);
  cwb_draw_picture (cr, &place, self->anchor);
  if (self->judgement != NULL)
    cwb_draw_sweep (cr, width, height, &place, self->anchor->w, self->anchor->h,
                    self->judgement->sweep, CWB_JUDGEMENT_SWEEP_SIDE);
}

static const char *
name_place (int row, int column)
{
  const char *const names[3][3] = {
    { N_ ("upper left"), N_ ("upper middle"), N_ ("upper right") },
    { N_ ("middle left"), N_ ("middle"), N_ ("middle right") },
    { N_ ("lower left"), N_ ("lower middle"), N_ ("lower right") },
  };

  return _ (names[3 * row / CWB_JUDGEMENT_SWEEP_SIDE][3 * column / CWB_JUDGEMENT_SWEEP_SIDE]);
}

static void
describe_sweep (CwbModelPanel *self)
{
  const float *sweep = self->judgement->sweep;
  g_autofree char *text = NULL;
  int best = 0;

  for (int i = 1; i < (int) G_N_ELEMENTS (self->judgement->sweep); i++)
    best = sweep[i] > sweep[best] ? i : best;
  /* Translators: %s is a part of the picture, such as "lower middle" */
  text = g_strdup_printf (_ ("A small push matters most in the part: %s (similarity falls by %.3f)"),
                          name_place (best / CWB_JUDGEMENT_SWEEP_SIDE,
                                      best % CWB_JUDGEMENT_SWEEP_SIDE),
                          (double) sweep[best]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->sweep_area),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_set_tooltip_text (self->sweep_area, text);
}

/* ---- neighbours ---- */

/* What has the focus in a flow box is what it puts around the cell. */
static void
name_neighbour (CwbModelPanel *self, GtkWidget *cell, guint item, double similarity)
{
  const char *name = cw_dataset_get_item (self->scene->dataset, item)->name;
  /* Translators: accessible name of a neighbour: a picture's name, how similar it is */
  g_autofree char *text = g_strdup_printf (_ ("%s, similarity %.2f"), name, similarity);

  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (cell)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* The faces were embedded once, perhaps by the encoder of an earlier step: neighbours are those it finds. */
static void
show_neighbours_origin (CwbModelPanel *self, const CwbVectors *vectors)
{
  g_autofree char *text = NULL;

  if (vectors != NULL && vectors->encoder->model != self->scene->model)
    text = g_strdup_printf (_ ("As found by %s, which embedded the faces"), vectors->encoder->name);
  gtk_label_set_text (self->neighbours_origin, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->neighbours_origin), text != NULL);
}

static void
show_neighbours (CwbModelPanel *self)
{
  CwbVectors *vectors = cwb_session_get_vectors (self->session);
  gboolean embedded = vectors != NULL;

  show_neighbours_origin (self, vectors);
  gtk_widget_set_visible (self->neighbours_box, embedded);
  gtk_widget_set_visible (self->embed_box, !embedded);
  for (int q = 0; q < 2; q++)
    {
      GtkWidget *child;

      while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->neighbours[q]))) != NULL)
        gtk_flow_box_remove (self->neighbours[q], child);
      for (guint i = 0; self->judgement != NULL && i < self->judgement->n_neighbours; i++)
        {
          guint item = self->judgement->neighbours[q][i].item;
          double similarity = (double) self->judgement->neighbours[q][i].similarity;
          GtkWidget *cell = cwb_face_cell_new (CELL_SIDE, TRUE);
          g_autofree char *caption = g_strdup_printf ("%.2f", similarity);

          cwb_face_cell_set_face (CWB_FACE_CELL (cell), cwb_session_get_thumbnails (self->session),
                                  self->scene->dataset, item);
          cwb_face_cell_set_caption (CWB_FACE_CELL (cell), caption);
          gtk_flow_box_append (self->neighbours[q], cell);
          name_neighbour (self, cell, item, similarity);
        }
    }
}

/* ---- work ---- */

typedef struct
{
  CwbScene *scene;
  CwbVectors *vectors; /* (nullable) */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  cwb_scene_free (request->scene);
  cwb_vectors_unref (request->vectors);
  g_free (request);
}

static gpointer
judge_work (gpointer data, CwJob *job, GError **error)
{
  const Request *request = data;

  return cwb_judgement_new (request->scene, request->vectors, job, error);
}

/* @button does @action with @target (floating). */
static void
show_note (CwbModelPanel *self, const char *text, const char *button, const char *action,
           GVariant *target)
{
  gtk_label_set_text (self->note, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->note_button), button != NULL);
  gtk_widget_set_visible (self->content, text == NULL);
  if (button == NULL)
    return;
  gtk_button_set_label (self->note_button, button);
  /* An action is never there with a target that it does not take. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->note_button), NULL);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->note_button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->note_button), action);
}

/* A model of another size than the views' has a way out. */
static void
show_error (CwbModelPanel *self, const GError *error)
{
  int size = self->scene->model->size;
  g_autofree char *button = NULL;

  if (!g_error_matches (error, CW_ERROR, CW_ERROR_INVALID_CONFIG))
    {
      show_note (self, error->message, NULL, NULL, NULL);
      return;
    }
  button = g_strdup_printf (_ ("Make the Views %d px"), size);
  show_note (self, error->message, button, "explore.set-size", g_variant_new_int32 (size));
}

/* Nothing stays empty for the sake of a spinner that stands still. */
static void
set_busy (CwbModelPanel *self, gboolean busy)
{
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
}

static void
judge_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbModelPanel *self = CWB_MODEL_PANEL (owner);

  g_clear_pointer (&self->task, cwb_task_unref);
  set_busy (self, FALSE);
  g_clear_pointer (&self->judgement, cwb_judgement_free);
  self->judgement = result;
  if (result == NULL)
    {
      show_error (self, error);
      return;
    }
  show_curve (self);
  describe_sweep (self);
  show_neighbours (self);
  gtk_widget_queue_draw (self->sweep_area);
}

static const CwbTaskClass judge_class = {
  .work = judge_work,
  .done = judge_done,
  .free_data = request_free,
  .free_result = (GDestroyNotify) cwb_judgement_free,
};

static gboolean
start (gpointer user_data)
{
  CwbModelPanel *self = user_data;
  Request *request = g_new0 (Request, 1);
  CwbVectors *vectors = cwb_session_get_vectors (self->session);

  self->settle_id = 0;
  request->scene = cwb_scene_copy (self->scene);
  request->vectors = vectors != NULL ? cwb_vectors_ref (vectors) : NULL;
  cwb_task_clear (&self->task);
  set_busy (self, TRUE);
  self->task = cwb_task_start (&judge_class, self, request);
  return G_SOURCE_REMOVE;
}

/* What is under way is of no use any more; the newest state begins when it has settled. */
static void
start_later (CwbModelPanel *self)
{
  cwb_task_clear (&self->task);
  set_busy (self, FALSE);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->scene != NULL && self->scene->model != NULL
      && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->settle_id = g_timeout_add (SETTLE_MS, start, self);
}

/* What comes is the session's model, as any that was trained: the Train page sees to that. */
static gboolean
ask_for_model (gpointer user_data)
{
  CwbModelPanel *self = user_data;
  CwRun *run = self->session != NULL ? cwb_session_get_run (self->session) : NULL;

  if (run != NULL && self->task == NULL && cw_run_get_state (run) == CW_RUN_RUNNING)
    cw_run_request_model (run);
  return G_SOURCE_CONTINUE;
}

static void
cwb_model_panel_map (GtkWidget *widget)
{
  CwbModelPanel *self = CWB_MODEL_PANEL (widget);

  GTK_WIDGET_CLASS (cwb_model_panel_parent_class)->map (widget);
  self->live_id = g_timeout_add_seconds (LIVE_S, ask_for_model, self);
  if (self->judgement == NULL)
    start_later (self);
}

static void
cwb_model_panel_unmap (GtkWidget *widget)
{
  CwbModelPanel *self = CWB_MODEL_PANEL (widget);

  g_clear_handle_id (&self->live_id, g_source_remove);
  GTK_WIDGET_CLASS (cwb_model_panel_parent_class)->unmap (widget);
}

/* The text may have become larger. */
static void
cwb_model_panel_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  CwbModelPanel *self = CWB_MODEL_PANEL (widget);

  GTK_WIDGET_CLASS (cwb_model_panel_parent_class)->css_changed (widget, change);
  if (self->bars_area != NULL)
    size_bars (self);
}

static void
on_vectors (CwbModelPanel *self)
{
  if (self->scene != NULL)
    start_later (self);
}

/* ---- object ---- */

static void
cwb_model_panel_dispose (GObject *object)
{
  CwbModelPanel *self = CWB_MODEL_PANEL (object);

  cwb_task_clear (&self->task);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->live_id, g_source_remove);
  for (int i = 0; i < self->n_bars; i++)
    g_free (self->names[i]);
  self->n_bars = 0;
  g_clear_pointer (&self->judgement, cwb_judgement_free);
  g_clear_pointer (&self->scene, cwb_scene_free);
  g_clear_pointer (&self->anchor, cw_image_unref);
  G_OBJECT_CLASS (cwb_model_panel_parent_class)->dispose (object);
}

static void
cwb_model_panel_class_init (CwbModelPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_model_panel_dispose;
  GTK_WIDGET_CLASS (klass)->map = cwb_model_panel_map;
  GTK_WIDGET_CLASS (klass)->unmap = cwb_model_panel_unmap;
  GTK_WIDGET_CLASS (klass)->css_changed = cwb_model_panel_css_changed;
}

static GtkWidget *
add_heading (GtkBox *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (box, label);
  return label;
}

/* Which encoder it is: names of runs and files are long words. */
static GtkLabel *
add_origin (GtkBox *box)
{
  GtkWidget *label = add_heading (box, NULL);

  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_remove_css_class (label, "heading");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  return GTK_LABEL (label);
}

static GtkWidget *
add_area (GtkBox *box, const char *name, GtkDrawingAreaDrawFunc draw, CwbModelPanel *self)
{
  GtkWidget *area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG,
                                  NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw, self, NULL);
  gtk_box_append (box, area);
  return area;
}

static void
add_chart (CwbModelPanel *self, GtkBox *box)
{
  CwbChartModel *model
      = cwb_chart_model_new (_ ("Similarity"), _ ("largest displacement of the warp, px"));

  cwb_chart_model_add_series (model, _ ("to the anchor"));
  cwb_chart_model_add_series (model, _ ("to the unwarped view"));
  self->chart = CWB_CHART (cwb_chart_new ());
  cwb_chart_take_model (self->chart, model);
  gtk_widget_set_size_request (GTK_WIDGET (self->chart), -1, 200);
  gtk_box_append (box, GTK_WIDGET (self->chart));
}

static void
add_neighbours (CwbModelPanel *self, GtkBox *box)
{
  const char *names[2] = { _ ("Nearest to the face"), _ ("Nearest to warp negative 1") };
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("Embed the Faces on the _Browse Page"));

  self->neighbours_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->embed_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->neighbours_origin = add_origin (GTK_BOX (self->neighbours_box));
  for (int q = 0; q < 2; q++)
    {
      add_heading (GTK_BOX (self->neighbours_box), names[q]);
      self->neighbours[q] = GTK_FLOW_BOX (gtk_flow_box_new ());
      gtk_flow_box_set_selection_mode (self->neighbours[q], GTK_SELECTION_NONE);
      gtk_flow_box_set_max_children_per_line (self->neighbours[q], CWB_JUDGEMENT_N_NEIGHBOURS);
      gtk_flow_box_set_min_children_per_line (self->neighbours[q], 2);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->neighbours[q]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, names[q], -1);
      gtk_box_append (GTK_BOX (self->neighbours_box), GTK_WIDGET (self->neighbours[q]));
    }
  add_heading (GTK_BOX (self->embed_box), _ ("Neighbours"));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.page");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", "browse");
  gtk_box_append (GTK_BOX (self->embed_box), button);
  gtk_box_append (box, self->neighbours_box);
  gtk_box_append (box, self->embed_box);
}

static void
add_content (CwbModelPanel *self, GtkBox *box)
{
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (box, self->content);
  box = GTK_BOX (self->content);
  self->origin = add_origin (box);
  add_heading (box, _ ("Similarity to the anchor"));
  self->bars_area = add_area (box, _ ("Similarity to the anchor"), draw_bars, self);
  add_heading (box, _ ("Similarity against the strength of the warp"));
  add_chart (self, box);
  add_heading (box, _ ("Which part of the face matters"));
  self->sweep_area = add_area (box, _ ("Which part of the face matters"), draw_sweep, self);
  gtk_widget_set_size_request (self->sweep_area, SWEEP_SIDE_PX, SWEEP_SIDE_PX);
  gtk_widget_set_halign (self->sweep_area, GTK_ALIGN_START);
  add_neighbours (self, box);
}

static void
cwb_model_panel_init (CwbModelPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->note = GTK_LABEL (add_heading (GTK_BOX (box), NULL));
  gtk_widget_remove_css_class (GTK_WIDGET (self->note), "heading");
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "dim-label");
  self->note_button = GTK_BUTTON (gtk_button_new ());
  gtk_widget_set_halign (GTK_WIDGET (self->note_button), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note_button));
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_halign (GTK_WIDGET (self->spinner), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->spinner));
  set_busy (self, FALSE);
  add_content (self, GTK_BOX (box));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
cwb_model_panel_new (void)
{
  return g_object_new (CWB_TYPE_MODEL_PANEL, NULL);
}

void
cwb_model_panel_set_session (CwbModelPanel *self, CwbSession *session)
{
  g_return_if_fail (CWB_IS_MODEL_PANEL (self));

  self->session = session;
  g_signal_connect_object (session, "notify::vectors", G_CALLBACK (on_vectors), self,
                           G_CONNECT_SWAPPED);
}

void
cwb_model_panel_show (CwbModelPanel *self, const CwbExploration *exploration, CwbScene *scene)
{
  g_return_if_fail (CWB_IS_MODEL_PANEL (self));

  g_clear_pointer (&self->scene, cwb_scene_free);
  g_clear_pointer (&self->judgement, cwb_judgement_free);
  g_clear_pointer (&self->anchor, cw_image_unref);
  self->scene = scene;
  self->anchor = cw_image_ref (exploration->pictures[1].image);
  if (scene->model == NULL)
    show_note (self, _ ("Train or open a model to see how it judges these views."),
               _ ("Go to Train"), "win.page", g_variant_new_string ("train"));
  else
    {
      show_note (self, NULL, NULL, NULL, NULL);
      gtk_label_set_text (self->origin, scene->model->origin);
    }
  show_bars (self, exploration);
  gtk_widget_queue_draw (self->sweep_area);
  start_later (self);
}

const CwbJudgement *
cwb_model_panel_get_judgement (CwbModelPanel *self)
{
  g_return_val_if_fail (CWB_IS_MODEL_PANEL (self), NULL);
  return self->judgement;
}
