/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-evaluate-page.h"

#include "widgets/cwb-confusion.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

struct _CwbEvaluatePage
{
  CwbPage parent_instance;

  CwbSession *session;
  CwJob *job; /* of the evaluation under way */
  guint timer;
  CwEvaluation *evaluation;
  GtkFileChooserNative *chooser;

  GtkStack *stack;
  AdwStatusPage *empty_page, *busy_page, *error_page;
  GtkProgressBar *progress;
  GtkLabel *title_label, *summary_label;
  GtkGrid *table;
  GtkDropDown *protocol_drop;
  CwbConfusion *confusion;
};

G_DEFINE_FINAL_TYPE (CwbEvaluatePage, cwb_evaluate_page, CWB_TYPE_PAGE)

/* What the thread gets: references of its own. */
typedef struct
{
  CwModel *model;
  CwDataset *dataset;
  CwJob *job;
  guint64 seed;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  cw_model_unref (work->model);
  g_object_unref (work->dataset);
  cw_job_unref (work->job);
  g_free (work);
}

static void
evaluate_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  const CwModel *m = work->model;
  g_autoptr (CwModel) random = cw_model_new_random (m->encoder, m->params, m->size, m->mean,
                                                    m->std, work->seed);
  GError *error = NULL;
  CwEvaluation *evaluation
      = cw_evaluation_run (m, random, work->dataset, NULL, NULL, work->seed, work->job, &error);

  if (evaluation != NULL)
    g_task_return_pointer (task, evaluation, (GDestroyNotify) cw_evaluation_free);
  else
    g_task_return_error (task, error);
}

/* ---- result ---- */

static const struct
{
  const char *protocol, *score, *label;
} score_rows[] = {
  { "linear", "accuracy", N_ ("Linear probe, accuracy") },
  { "linear", "macro_recall", N_ ("Linear probe, mean recall") },
  { "knn", "accuracy", N_ ("kNN, accuracy") },
  { "knn", "macro_recall", N_ ("kNN, mean recall") },
  { "retrieval", "p_at_10", N_ ("Retrieval, P@10") },
  { "retrieval", "p_at_10_other_subject", N_ ("Retrieval, P@10, other persons") },
  { "retrieval", "same_subject_share_at_10", N_ ("Same person among the nearest 10") },
};

static void
add_cell (CwbEvaluatePage *self, const char *text, int column, int row, gboolean heading,
          gboolean best)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_set_hexpand (label, column == 0);
  if (column == 0)
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (heading || best)
    gtk_widget_add_css_class (label, "heading");
  if (best)
    gtk_widget_add_css_class (label, "accent");
  gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (self->table, label, column, row, 1, 1);
}

static void
add_share (CwbEvaluatePage *self, double share, int column, int row, gboolean best)
{
  g_autofree char *text
      = isfinite (share) ? g_strdup_printf (_ ("%.1f %%"), 100 * share) : g_strdup ("–");

  add_cell (self, text, column, row, FALSE, best);
}

static void
fill_table (CwbEvaluatePage *self)
{
  const CwEvaluation *e = self->evaluation;
  GtkWidget *child;
  int row = 1;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->table))) != NULL)
    gtk_grid_remove (self->table, child);
  add_cell (self, _ ("Protocol"), 0, 0, TRUE, FALSE);
  add_cell (self, _ ("Trained"), 1, 0, TRUE, FALSE);
  add_cell (self, _ ("Random init"), 2, 0, TRUE, FALSE);
  add_cell (self, _ ("Pixels"), 3, 0, TRUE, FALSE);
  for (size_t r = 0; r < G_N_ELEMENTS (score_rows); r++)
    {
      for (int p = 0; p < e->n_protocols; p++)
        {
          gboolean leakage = g_str_has_prefix (score_rows[r].score, "same_subject");
          double best = -1;

          if (!g_str_equal (e->protocols[p]->base.id, score_rows[r].protocol))
            continue;
          if (leakage && !isfinite (cw_scores_get (&e->scores[0][p], score_rows[r].score)))
            continue;
          for (int c = 0; c < CW_N_CONTENDERS; c++)
            best = fmax (best, cw_scores_get (&e->scores[c][p], score_rows[r].score));
          add_cell (self, _(score_rows[r].label), 0, row, FALSE, FALSE);
          for (int c = 0; c < CW_N_CONTENDERS; c++)
            {
              double value = cw_scores_get (&e->scores[c][p], score_rows[r].score);

              /* Less leakage is better: nothing to praise in its largest figure. */
              add_share (self, value, 1 + c, row, !leakage && value >= best);
            }
          row++;
        }
    }
  add_cell (self, _ ("Majority class"), 0, row, FALSE, FALSE);
  add_share (self, e->majority, 1, row, FALSE);
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
  guint selected = gtk_drop_down_get_selected (drop);
  int p = self->evaluation != NULL && selected != GTK_INVALID_LIST_POSITION
              ? nth_confusion (self->evaluation, selected)
              : -1;
  const CwScores *scores;

  if (p < 0)
    {
      cwb_confusion_set (self->confusion, NULL, 0, NULL);
      return;
    }
  scores = &self->evaluation->scores[CW_CONTENDER_TRAINED][p];
  cwb_confusion_set (self->confusion, scores->confusion, scores->n_classes,
                     (const char *const *) self->evaluation->class_names);
}

static void
show_result (CwbEvaluatePage *self)
{
  const CwEvaluation *e = self->evaluation;
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *summary = NULL;
  g_autofree char *title = NULL;

  for (guint i = 0; nth_confusion (e, i) >= 0; i++)
    gtk_string_list_append (names, g_dgettext (GETTEXT_PACKAGE,
                                               e->protocols[nth_confusion (e, i)]->base.label));
  fill_table (self);
  gtk_drop_down_set_model (self->protocol_drop, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->protocol_drop, 0);
  on_protocol (self->protocol_drop, NULL, self);
  title = g_strdup_printf (_ ("Frozen features on %s"),
                           dataset != NULL ? cw_dataset_get_layout (dataset) : "");
  gtk_label_set_text (self->title_label, title);
  summary = g_strdup_printf (
      _ ("%u pictures to fit on, %u scored (%s); %u exact copies left out; %.0f s. The trained "
        "encoder never saw a label."),
      e->n_fit, e->n_score, e->split, e->n_copies_removed, e->seconds);
  gtk_label_set_text (self->summary_label, summary);
  gtk_stack_set_visible_child_name (self->stack, "result");
}

/* ---- state and actions ---- */

static void
update (CwbEvaluatePage *self)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  CwModel *model = cwb_session_get_model (self->session);
  gboolean labelled = dataset != NULL && cw_dataset_get_n_labels (dataset) >= 2;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.start",
                                 self->job == NULL && model != NULL && labelled);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.cancel", self->job != NULL);
  adw_status_page_set_description (
      self->empty_page,
      dataset == NULL ? _ ("Open faces on the Data page, then train or open a model.")
      : !labelled     ? _ ("These faces have no labels. Training needs none, but scoring does: open "
                          "labelled faces on the Data page.")
      : model == NULL ? _ ("Train an encoder on the Train page, or open a model: a run folder or a "
                          ".safetensors file.")
                      : _ ("Score the encoder’s frozen features: linear probe, nearest neighbours, "
                          "retrieval, with the floors beside."));
}

static gboolean
show_progress (gpointer data)
{
  CwbEvaluatePage *self = data;
  double fraction = cw_job_get_fraction (self->job);

  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else
    gtk_progress_bar_pulse (self->progress);
  return G_SOURCE_CONTINUE;
}

static void
end_job (CwbEvaluatePage *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->job, cw_job_unref);
}

static void
on_evaluated (GObject *source, GAsyncResult *result, gpointer data)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (source);
  g_autoptr (GError) error = NULL;
  CwEvaluation *evaluation = g_task_propagate_pointer (G_TASK (result), &error);

  /* Disposed meanwhile: the template is gone. */
  if (self->session == NULL)
    {
      g_clear_pointer (&evaluation, cw_evaluation_free);
      return;
    }
  end_job (self);
  if (evaluation != NULL)
    {
      g_clear_pointer (&self->evaluation, cw_evaluation_free);
      self->evaluation = evaluation;
      show_result (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_stack_set_visible_child_name (self->stack, self->evaluation != NULL ? "result" : "empty");
  else
    {
      cwb_page_describe (self->error_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  update (self);
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (widget);
  Work *work = g_new0 (Work, 1);
  g_autoptr (GTask) task = NULL;

  self->job = cw_job_new (NULL, NULL, NULL, NULL);
  work->model = cw_model_ref (cwb_session_get_model (self->session));
  work->dataset = g_object_ref (cwb_session_get_dataset (self->session));
  work->job = cw_job_ref (self->job);
  work->seed = cwb_session_get_experiment (self->session)->recipe->seed;
  task = g_task_new (self, NULL, on_evaluated, NULL);
  g_task_set_source_tag (task, start_action);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, evaluate_thread);
  gtk_progress_bar_set_fraction (self->progress, 0);
  self->timer = g_timeout_add (100, show_progress, self);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  update (self);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cw_job_cancel (CWB_EVALUATE_PAGE (widget)->job);
}

static void
on_model_chosen (GtkNativeDialog *dialog, int response, CwbEvaluatePage *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwModel) model = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  if (file == NULL || (path = g_file_get_path (file)) == NULL)
    return;
  model = cw_model_load (path, &error);
  if (model != NULL)
    cwb_session_set_model (self->session, model);
  else
    cwb_session_report_error (self->session, error->message);
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

/* Another dataset or model: the old figures are not its figures. */
static void
on_subject_changed (CwbEvaluatePage *self)
{
  if (self->job != NULL)
    cw_job_cancel (self->job);
  else
    gtk_stack_set_visible_child_name (self->stack, "empty");
  g_clear_pointer (&self->evaluation, cw_evaluation_free);
  update (self);
}

static void
cwb_evaluate_page_session_set (CwbPage *page, CwbSession *session)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (page);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_subject_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (on_subject_changed), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
cwb_evaluate_page_dispose (GObject *object)
{
  CwbEvaluatePage *self = CWB_EVALUATE_PAGE (object);

  if (self->job != NULL)
    cw_job_cancel (self->job);
  end_job (self);
  g_clear_object (&self->chooser);
  g_clear_object (&self->session);
  g_clear_pointer (&self->evaluation, cw_evaluation_free);
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
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, table);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, protocol_drop);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, confusion);
  gtk_widget_class_bind_template_callback (widget_class, on_protocol);
  gtk_widget_class_install_action (widget_class, "evaluate.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "evaluate.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "evaluate.open-model", NULL, open_model_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "evaluate.start",
                                       NULL);
}

static void
cwb_evaluate_page_init (CwbEvaluatePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.start", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.cancel", FALSE);
}
