/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-evaluate-page.h"

#include "models/cwb-kept-scores.h"
#include "models/cwb-score-text.h"
#include "models/cwb-scoring.h"
#include "util/cwb-keys.h"
#include "util/cwb-task.h"
#include "widgets/cwb-confusion.h"
#include "widgets/cwb-runs-view.h"
#include "widgets/cwb-score-table.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* The command's too: all models are scored on the same sides, so that they can be compared. */
#define SEED 1

struct _CwbEvaluatePage
{
  CwbPage parent_instance;

  CwbSession *session;
  GSimpleActionGroup *protocols; /* a boolean for each evaluator, named by its id */
  CwbEncoder *encoder; /* (nullable): that is evaluated, was, or was opened; kept while a training goes on */
  CwbTask *task;       /* (nullable): the evaluation under way */
  CwbTask *opening;    /* (nullable): a model being read */
  CwbTask *looking;    /* (nullable): for what the model was scored before */
  CwbScoring *scoring; /* (nullable): what is shown */
  GtkFileChooserNative *chooser;
  GtkWindow *runs_window; /* (nullable) */

  GtkWidget *newer_bar;
  GtkLabel *newer_label, *encoder_label, *kept_label;
  GtkStack *stack;
  AdwStatusPage *empty_page, *busy_page, *error_page;
  GtkProgressBar *progress;
  GtkLabel *title_label, *summary_label;
  GtkMenuButton *protocols_button, *protocols_again_button;
  AdwBin *table_place;
  CwbScoreTable *table;
  GtkDropDown *protocol_drop;
  CwbConfusion *confusion;
};

G_DEFINE_FINAL_TYPE (CwbEvaluatePage, cwb_evaluate_page, CWB_TYPE_PAGE)

/* ---- protocols ---- */

static gboolean
is_chosen (CwbEvaluatePage *self, const CwEvaluatorClass *evaluator)
{
  g_autoptr (GVariant) state
      = g_action_group_get_action_state (G_ACTION_GROUP (self->protocols), evaluator->base.id);

  return g_variant_get_boolean (state);
}

/* (transfer full): in the order in which they are listed. */
static GStrv
dup_chosen (CwbEvaluatePage *self)
{
  g_autoptr (GPtrArray) evaluators = cw_registry_list (CW_KIND_EVALUATOR);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < evaluators->len; i++)
    {
      const CwEvaluatorClass *evaluator = evaluators->pdata[i];

      if (is_chosen (self, evaluator))
        g_strv_builder_add (ids, evaluator->base.id);
    }
  return g_strv_builder_end (ids);
}

/* Whether one of those chosen can do with the data. */
static gboolean
can_evaluate (CwbEvaluatePage *self, gboolean labelled)
{
  g_autoptr (GPtrArray) evaluators = cw_registry_list (CW_KIND_EVALUATOR);

  for (guint i = 0; i < evaluators->len; i++)
    {
      const CwEvaluatorClass *evaluator = evaluators->pdata[i];

      if (is_chosen (self, evaluator)
          && (labelled || (evaluator->needs & CW_NEEDS_LABELS) == 0))
        return TRUE;
    }
  return FALSE;
}

/* ---- result ---- */

static void
add_score_row (CwbEvaluatePage *self, int p, int s, const CwbScoreText *text)
{
  const CwEvaluation *e = self->scoring->evaluation;
  const char *id = e->scores[CW_CONTENDER_TRAINED][p].scores[s].id;
  g_autofree char *label = cw_score_dup_label (e->protocols[p]->base.id, id);
  gboolean best = text != NULL && !text->less && cwb_scoring_stands_out (e, p, id);

  cwb_score_table_add_row (self->table, label, CWB_CELL_PLAIN);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      g_autofree char *score = cwb_score_text_dup_score (cw_scores_find (&e->scores[c][p], id));

      cwb_score_table_add_cell (
          self->table, score, c == CW_CONTENDER_TRAINED && best ? CWB_CELL_BEST : CWB_CELL_PLAIN);
    }
}

/* Of protocol @p the scores that say the most, or all, where none of them is known. */
static void
add_protocol (CwbEvaluatePage *self, int p)
{
  const CwEvaluation *e = self->scoring->evaluation;
  const CwScores *trained = &e->scores[CW_CONTENDER_TRAINED][p];
  const char *protocol = e->protocols[p]->base.id;
  gboolean persons = cw_scores_know_persons (trained), any = FALSE;

  for (int s = 0; s < trained->n_scores; s++)
    {
      const CwbScoreText *text = cwb_score_text_find (protocol, trained->scores[s].id);

      if (text == NULL)
        continue;
      any = TRUE;
      if (!text->persons || persons)
        add_score_row (self, p, s, text);
    }
  for (int s = 0; s < trained->n_scores && !any; s++)
    add_score_row (self, p, s, NULL);
}

static void
add_reason (CwbEvaluatePage *self, int p)
{
  const CwEvaluation *e = self->scoring->evaluation;
  g_autofree char *text
      = g_strdup_printf (_ ("%s left out: %s"),
                         g_dgettext (GETTEXT_PACKAGE, e->protocols[p]->base.label), e->reasons[p]);

  cwb_score_table_add_row (self->table, text, CWB_CELL_PLAIN);
}

static void
fill_table (CwbEvaluatePage *self)
{
  const CwEvaluation *e = self->scoring->evaluation;
  g_autofree char *majority = cwb_score_text_dup_value (e->majority, CW_SCORE_SHARE);

  cwb_score_table_clear (self->table);
  cwb_score_table_add_row (self->table, _ ("Protocol"), CWB_CELL_HEADING);
  cwb_score_table_add_cell (self->table, _ ("Trained"), CWB_CELL_HEADING);
  cwb_score_table_add_cell (self->table, _ ("Random init"), CWB_CELL_HEADING);
  cwb_score_table_add_cell (self->table, _ ("Pixels"), CWB_CELL_HEADING);
  for (int p = 0; p < e->n_protocols; p++)
    {
      add_protocol (self, p);
      if (e->reasons[p] != NULL)
        add_reason (self, p);
    }
  cwb_score_table_add_row (self->table, _ ("Majority class"), CWB_CELL_PLAIN);
  cwb_score_table_add_cell (self->table, majority, CWB_CELL_PLAIN);
}

/* Which protocols have a confusion matrix, in the order of the drop-down. */
static int
nth_confusion (const CwEvaluation *e, guint n)
{
  for (int p = 0; p < e->n_protocols; p++)
    {
      if (e->scores[CW_CONTENDER_TRAINED][p].confusion != NULL && n-- == 0)
        return p;
    }
  return -1;
}

static void
on_protocol (GtkDropDown *drop, GParamSpec *pspec, CwbEvaluatePage *self)
{
  const CwEvaluation *e = self->scoring != NULL ? self->scoring->evaluation : NULL;
  guint selected = gtk_drop_down_get_selected (drop);
  int p = e != NULL && selected != GTK_INVALID_LIST_POSITION ? nth_confusion (e, selected) : -1;
  const CwScores *scores;

  if (p < 0)
    {
      cwb_confusion_set (self->confusion, NULL, 0, NULL);
      return;
    }
  scores = &e->scores[CW_CONTENDER_TRAINED][p];
  cwb_confusion_set (self->confusion, scores->confusion, scores->n_classes,
                     (const char *const *) e->class_names);
}

static void
show_summary (CwbEvaluatePage *self)
{
  const CwbScoring *scoring = self->scoring;
  const CwEvaluation *e = scoring->evaluation;
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (
      text, _ ("%'u pictures to fit on, %'u scored (%s); %'u exact copies left out; %.0f s."), e->n_fit,
      e->n_score, e->split, e->n_copies_removed, e->seconds);
  if (scoring->encoder->label_free)
    g_string_append_printf (text, " %s", _ ("The trained encoder never saw a label."));
  if (scoring->seen)
    g_string_append_printf (text, " %s",
                            _ ("It was trained on the scored pictures, too, without their labels: ones "
                               "that it never saw may score lower."));
  if (scoring->kept)
    g_string_append_printf (text, " %s", _ ("Kept with the run."));
  gtk_label_set_text (self->summary_label, text->str);
}

static void
show_result (CwbEvaluatePage *self)
{
  const CwEvaluation *e = self->scoring->evaluation;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *title = cwb_scoring_dup_title (self->scoring);

  for (guint i = 0; nth_confusion (e, i) >= 0; i++)
    gtk_string_list_append (names, g_dgettext (GETTEXT_PACKAGE,
                                               e->protocols[nth_confusion (e, i)]->base.label));
  gtk_label_set_text (self->title_label, title);
  fill_table (self);
  gtk_drop_down_set_model (self->protocol_drop, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->protocol_drop, 0);
  on_protocol (self->protocol_drop, NULL, self);
  show_summary (self);
  gtk_stack_set_visible_child_name (self->stack, "result");
}

/* ---- state and actions ---- */

static CwbEncoder *
get_encoder (CwbEvaluatePage *self)
{
  return self->encoder != NULL ? self->encoder : cwb_session_get_encoder (self->session);
}

static void
keep_encoder (CwbEvaluatePage *self, CwbEncoder *encoder)
{
  if (encoder != NULL)
    cwb_encoder_ref (encoder);
  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  self->encoder = encoder;
}

/* What was opened is asked for; what a training handed over is not, and next time the newest will do. */
static void
release_encoder (CwbEvaluatePage *self)
{
  if (self->encoder != NULL && !self->encoder->opened)
    keep_encoder (self, NULL);
}

static void
show_encoder (CwbEvaluatePage *self)
{
  CwbEncoder *encoder = get_encoder (self);
  g_autofree char *text
      = encoder != NULL ? g_strdup_printf (_ ("Model: %s"), encoder->name) : NULL;

  gtk_label_set_text (self->encoder_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->encoder_label), text != NULL);
  cwb_page_offer_newer (self->newer_bar, self->newer_label, self->encoder,
                        cwb_session_get_encoder (self->session));
}

static void
update (CwbEvaluatePage *self)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  CwbEncoder *encoder = get_encoder (self);
  gboolean labelled = dataset != NULL && cw_dataset_get_n_labels (dataset) >= 2;
  gboolean able = dataset != NULL && can_evaluate (self, labelled);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.start",
                                 self->task == NULL && encoder != NULL && able);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.start-newer",
                                 encoder != NULL && able);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.cancel", self->task != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.copy", self->scoring != NULL);
  show_encoder (self);
  adw_status_page_set_title (self->empty_page, dataset != NULL && encoder != NULL
                                                   ? _ ("Ready to Evaluate")
                                                   : _ ("Nothing to Evaluate Yet"));
  adw_status_page_set_description (
      self->empty_page,
      dataset == NULL ? _ ("Open faces on the Data page, then train or open a model.")
      : !able         ? _ ("These faces have no labels. Training needs none, but the chosen protocols "
                          "do: choose others, or open labelled faces on the Data page.")
      : encoder == NULL ? _ ("Train an encoder on the Train page, open an earlier one there with “Open a "
                          "Run…”, or open a .safetensors file here.")
                      : _ ("Score the encoder’s frozen features: linear probe, nearest neighbours, "
                          "retrieval, with the floors beside. What its run was scored before is under "
                          "“Compare Runs…”."));
}

static gpointer
evaluate_work (gpointer data, CwJob *job, GError **error)
{
  return cwb_scoring_run (data, job, error) ? cwb_scoring_ref (data) : NULL;
}

static void
evaluate_progress (gpointer owner, CwbTask *task, double fraction, const char *what)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (owner);

  gtk_progress_bar_set_text (self->progress, what);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
evaluate_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (owner);

  g_clear_pointer (&self->task, cwb_task_unref);
  if (result != NULL)
    {
      g_clear_pointer (&self->scoring, cwb_scoring_unref);
      self->scoring = result;
      show_result (self);
      if (self->scoring->not_kept != NULL)
        cwb_session_report_error (self->session, self->scoring->not_kept);
    }
  else
    {
      cwb_page_describe (self->error_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  update (self);
}

static const CwbTaskClass evaluate_class = {
  .work = evaluate_work,
  .progress = evaluate_progress,
  .done = evaluate_done,
  .free_data = (GDestroyNotify) cwb_scoring_unref,
  .free_result = (GDestroyNotify) cwb_scoring_unref,
};

static void
start (CwbEvaluatePage *self, CwbEncoder *encoder)
{
  CwbScoring *scoring = cwb_scoring_new (encoder, cwb_session_get_dataset (self->session),
                                         dup_chosen (self), SEED);

  keep_encoder (self, encoder);
  cwb_task_clear (&self->task);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_progress_bar_set_text (self->progress, "");
  self->task = cwb_task_start (&evaluate_class, self, scoring);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  update (self);
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (widget);

  start (self, get_encoder (self));
}

static void
start_newer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (widget);

  start (self, cwb_session_get_encoder (self->session));
}

/* Back to what was there before. */
static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (widget);

  cwb_task_clear (&self->task);
  if (self->scoring != NULL)
    keep_encoder (self, self->scoring->encoder);
  else
    release_encoder (self);
  gtk_stack_set_visible_child_name (self->stack, self->scoring != NULL ? "result" : "empty");
  update (self);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (widget);
  g_autofree char *text = g_strdup_printf ("%s\n%s", gtk_label_get_text (self->title_label),
                                           cwb_score_table_get_text (self->table));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static gpointer
open_work (gpointer data, CwJob *job, GError **error)
{
  return cw_model_load (data, error);
}

static void
open_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (owner);
  g_autoptr (CwModel) model = result;

  g_clear_pointer (&self->opening, cwb_task_unref);
  if (model != NULL)
    cwb_session_set_model (self->session, model);
  else
    cwb_session_report_error (self->session, error->message);
}

static const CwbTaskClass open_class = {
  .work = open_work,
  .done = open_done,
  .free_data = g_free,
  .free_result = (GDestroyNotify) cw_model_unref,
};

void
cwb_evaluate_page_open_model (CwbEvaluatePage *self, const char *path)
{
  g_return_if_fail (CWB_IS_EVALUATE_PAGE (self));

  cwb_task_clear (&self->opening);
  self->opening = cwb_task_start (&open_class, self, g_strdup (path));
}

static void
on_model_chosen (GtkNativeDialog *dialog, int response, CwbEvaluatePage *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    cwb_evaluate_page_open_model (self, path);
}

static void
open_model_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (widget);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  self->chooser = gtk_file_chooser_native_new (_ ("Open a Model"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), NULL);
  gtk_file_filter_set_name (filter, _ ("Weights (.safetensors)"));
  gtk_file_filter_add_pattern (filter, "*.safetensors");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_model_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_run_opened (CwbEvaluatePage *self, const char *folder)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-run", "^ay", folder);
}

static void
compare_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const CwbKey keys[] = { { GDK_KEY_Escape, 0, "window.close" } };
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (widget);
  CwbEncoder *encoder = get_encoder (self);
  GtkWidget *view;

  if (self->runs_window != NULL)
    {
      gtk_window_present (self->runs_window);
      return;
    }
  view = cwb_runs_view_new (cwb_session_get_runs_folder (self->session),
                            encoder != NULL ? encoder->run : NULL);
  g_signal_connect_object (view, "run-opened", G_CALLBACK (on_run_opened), self, G_CONNECT_SWAPPED);
  cwb_page_open_window (CWB_PAGE (self), _ ("Compare Runs"), view, 1000, 760, &self->runs_window);
  cwb_keys_add (GTK_WIDGET (self->runs_window), keys, G_N_ELEMENTS (keys));
}

/* ---- what the model was scored before ---- */

typedef struct
{
  CwbEncoder *encoder;
  CwDataset *dataset;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  cwb_encoder_unref (question->encoder);
  g_object_unref (question->dataset);
  g_free (question);
}

static gpointer
look_work (gpointer data, CwJob *job, GError **error)
{
  const Question *question = data;

  return cwb_kept_scores_dup_text (question->encoder, question->dataset, job, error);
}

/* Of a run that cannot be read "Compare Runs" says so, and an evaluation that cannot be kept there. */
static void
look_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (owner);
  g_autofree char *scores = result;
  g_autofree char *text
      = scores != NULL ? g_strdup_printf (_ ("Scored before on these faces:\n%s"), scores) : NULL;

  g_clear_pointer (&self->looking, cwb_task_unref);
  gtk_label_set_text (self->kept_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->kept_label), text != NULL);
}

static const CwbTaskClass look_class = {
  .work = look_work,
  .done = look_done,
  .free_data = question_free,
  .free_result = g_free,
};

static void
forget_kept (CwbEvaluatePage *self)
{
  cwb_task_clear (&self->looking);
  gtk_widget_set_visible (GTK_WIDGET (self->kept_label), FALSE);
}

static void
look_for_kept (CwbEvaluatePage *self)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  CwbEncoder *encoder = get_encoder (self);
  Question *question;

  forget_kept (self);
  if (dataset == NULL || encoder == NULL || encoder->run == NULL)
    return;
  question = g_new (Question, 1);
  question->encoder = cwb_encoder_ref (encoder);
  question->dataset = g_object_ref (dataset);
  self->looking = cwb_task_start (&look_class, self, question);
}

/* The figures that were there are of something else. */
static void
start_over (CwbEvaluatePage *self)
{
  cwb_task_clear (&self->task);
  g_clear_pointer (&self->scoring, cwb_scoring_unref);
  gtk_stack_set_visible_child_name (self->stack, "empty");
  look_for_kept (self);
  update (self);
}

static void
on_dataset (CwbEvaluatePage *self)
{
  release_encoder (self);
  start_over (self);
}

static void
on_model_opened (CwbEvaluatePage *self)
{
  keep_encoder (self, cwb_session_get_encoder (self->session));
  start_over (self);
}

/* A newer one of a training is only offered, and was never scored: at every epoch there is nothing to
 * look for. */
static void
on_model (CwbEvaluatePage *self)
{
  if (self->encoder == NULL)
    forget_kept (self);
  update (self);
}

static void
make_protocols (CwbEvaluatePage *self)
{
  static const char *const usual[] = { "linear", "knn", "retrieval", NULL };
  g_autoptr (GPtrArray) evaluators = cw_registry_list (CW_KIND_EVALUATOR);
  g_autoptr (GMenu) menu = g_menu_new ();

  self->protocols = g_simple_action_group_new ();
  for (guint i = 0; i < evaluators->len; i++)
    {
      const CwDescriptor *evaluator = evaluators->pdata[i];
      gboolean on = g_strv_contains (usual, evaluator->id);
      g_autoptr (GSimpleAction) action
          = g_simple_action_new_stateful (evaluator->id, NULL, g_variant_new_boolean (on));
      g_autofree char *name = g_strconcat ("protocols.", evaluator->id, NULL);

      g_signal_connect_object (action, "notify::state", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      g_action_map_add_action (G_ACTION_MAP (self->protocols), G_ACTION (action));
      g_menu_append (menu, g_dgettext (GETTEXT_PACKAGE, evaluator->label), name);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "protocols",
                                  G_ACTION_GROUP (self->protocols));
  gtk_menu_button_set_menu_model (self->protocols_button, G_MENU_MODEL (menu));
  gtk_menu_button_set_menu_model (self->protocols_again_button, G_MENU_MODEL (menu));
}

static void
cwb_evaluate_page_session_set (CwbPage *page, CwbSession *session)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (page);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_dataset), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-opened", G_CALLBACK (on_model_opened), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (on_model), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
cwb_evaluate_page_dispose (GObject *object)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (object);

  cwb_task_clear (&self->task);
  cwb_task_clear (&self->opening);
  cwb_task_clear (&self->looking);
  if (self->runs_window != NULL)
    gtk_window_destroy (self->runs_window);
  g_clear_weak_pointer (&self->runs_window);
  g_clear_object (&self->chooser);
  g_clear_object (&self->session);
  g_clear_object (&self->protocols);
  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  g_clear_pointer (&self->scoring, cwb_scoring_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_EVALUATE_PAGE);
  G_OBJECT_CLASS (cwb_evaluate_page_parent_class)->dispose (object);
}

static void
cwb_evaluate_page_class_init (CwbEvaluatePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_evaluate_page_dispose;
  CWB_PAGE_CLASS (klass)->session_set = cwb_evaluate_page_session_set;
  g_type_ensure (CWB_TYPE_CONFUSION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-evaluate-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, busy_page);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, error_page);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, progress);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, title_label);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, newer_bar);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, newer_label);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, encoder_label);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, kept_label);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, protocols_button);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, protocols_again_button);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, table_place);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, protocol_drop);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, confusion);
  gtk_widget_class_bind_template_callback (widget_class, on_protocol);
  gtk_widget_class_install_action (widget_class, "evaluate.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "evaluate.start-newer", NULL, start_newer_action);
  gtk_widget_class_install_action (widget_class, "evaluate.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "evaluate.compare-runs", NULL, compare_action);
  gtk_widget_class_install_action (widget_class, "evaluate.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "evaluate.open-model", NULL, open_model_action);
}

static void
cwb_evaluate_page_init (CwbEvaluatePage *self)
{
  static const CwbKey keys[] = {
    { GDK_KEY_r, GDK_CONTROL_MASK, "evaluate.start" },
    { GDK_KEY_k, GDK_CONTROL_MASK, "evaluate.compare-runs" },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->table = cwb_score_table_new (_ ("Scores"));
  adw_bin_set_child (self->table_place, GTK_WIDGET (self->table));
  cwb_keys_add (GTK_WIDGET (self), keys, G_N_ELEMENTS (keys));
  make_protocols (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.start", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.cancel", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.copy", FALSE);
}
