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
  GSimpleActionGroup *protocols; /* a boolean for each evaluator, named by its id */
  CwJob *job; /* of the evaluation under way */
  guint timer;
  CwEvaluation *evaluation;
  GtkFileChooserNative *chooser;

  GtkStack *stack;
  AdwStatusPage *empty_page, *busy_page, *error_page;
  GtkProgressBar *progress;
  GtkLabel *title_label, *summary_label;
  GtkMenuButton *protocols_button, *protocols_again_button;
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
  GStrv protocols;
  CwJob *job;
  guint64 seed;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  cw_model_unref (work->model);
  g_object_unref (work->dataset);
  g_strfreev (work->protocols);
  cw_job_unref (work->job);
  g_free (work);
}

static void
evaluate_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  const CwModel *m = work->model;
  g_autoptr (CwModel) random = NULL;
  CwEvaluation *evaluation;
  GError *error = NULL;

  cw_background_enter (CW_BACKGROUND_SOON);
  random = cw_model_new_random (m->encoder, m->params, m->size, m->mean, m->std, work->seed);
  evaluation = cw_evaluation_run (m, random, work->dataset, (const char *const *) work->protocols,
                                  NULL, work->seed, work->job, &error);
  if (evaluation != NULL)
    g_task_return_pointer (task, evaluation, (GDestroyNotify) cw_evaluation_free);
  else
    g_task_return_error (task, error);
}

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

static const struct
{
  const char *protocol, *score, *label;
} score_rows[] = {
  { "linear", "accuracy", N_ ("Linear probe, accuracy") },
  { "linear", "macro_recall", N_ ("Linear probe, mean recall") },
  { "linear", "macro_f1", N_ ("Linear probe, mean F1") },
  { "knn", "accuracy", N_ ("kNN, accuracy") },
  { "knn", "macro_recall", N_ ("kNN, mean recall") },
  { "retrieval", "p_at_10", N_ ("Retrieval, P@10") },
  { "retrieval", "p_at_10_other_subject", N_ ("Retrieval, P@10, other persons") },
  { "retrieval", "map_other_subject", N_ ("Retrieval, mean average precision, other persons") },
  { "retrieval", "same_subject_share_at_10", N_ ("Same person among the nearest 10") },
};

static GtkWidget *
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
  return label;
}

/* (transfer full) */
static char *
format_value (double value, CwScoreUnit unit)
{
  if (!isfinite (value))
    return g_strdup ("–");
  switch (unit)
    {
    case CW_SCORE_SHARE:
      return g_strdup_printf (_ ("%.1f %%"), 100 * value);
    case CW_SCORE_COUNT:
      return g_strdup_printf ("%.0f", value);
    case CW_SCORE_COEFFICIENT:
    case CW_SCORE_NUMBER:
    default:
      return g_strdup_printf ("%.3f", value);
    }
}

static void
add_score (CwbEvaluatePage *self, const CwScore *score, int column, int row, gboolean best)
{
  g_autofree char *text = format_value (score->value, score->unit);
  GtkWidget *cell = add_cell (self, text, column, row, FALSE, best);

  if (isfinite (score->low))
    {
      g_autofree char *low = format_value (score->low, score->unit);
      g_autofree char *high = format_value (score->high, score->unit);
      g_autofree char *interval = g_strdup_printf (_ ("95 %% interval: %s to %s"), low, high);

      gtk_widget_set_tooltip_text (cell, interval);
    }
}

/* A known row of protocol @p: what is best stands out. */
static void
add_known_row (CwbEvaluatePage *self, int p, const char *score, const char *label, int row)
{
  const CwEvaluation *e = self->evaluation;
  gboolean leakage = g_str_has_prefix (score, "same_subject");
  double best = -1;

  for (int c = 0; c < CW_N_CONTENDERS; c++)
    best = fmax (best, cw_scores_get (&e->scores[c][p], score));
  add_cell (self, label, 0, row, FALSE, FALSE);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      const CwScore *found = cw_scores_find (&e->scores[c][p], score);

      /* Less leakage is better: nothing to praise in its largest figure. */
      add_score (self, found, 1 + c, row, !leakage && found->value >= best);
    }
}

/* The scores of protocol @p that have a row of their own. Returns how many. */
static int
add_known_rows (CwbEvaluatePage *self, int p, int row)
{
  const CwEvaluation *e = self->evaluation;
  const CwScores *trained = &e->scores[CW_CONTENDER_TRAINED][p];
  int n = 0;

  for (size_t r = 0; r < G_N_ELEMENTS (score_rows); r++)
    {
      if (!g_str_equal (e->protocols[p]->base.id, score_rows[r].protocol)
          || cw_scores_find (trained, score_rows[r].score) == NULL)
        continue;
      if (g_str_has_prefix (score_rows[r].score, "same_subject")
          && !isfinite (cw_scores_get (trained, score_rows[r].score)))
        continue;
      add_known_row (self, p, score_rows[r].score, _(score_rows[r].label), row + n);
      n++;
    }
  return n;
}

/* All scores of protocol @p, by their ids. Returns how many. */
static int
add_all_rows (CwbEvaluatePage *self, int p, int row)
{
  const CwEvaluation *e = self->evaluation;
  const CwScores *trained = &e->scores[CW_CONTENDER_TRAINED][p];
  const char *protocol = g_dgettext (GETTEXT_PACKAGE, e->protocols[p]->base.label);

  for (int s = 0; s < trained->n_scores; s++)
    {
      g_autofree char *score = cw_score_dup_name (trained->scores[s].id);
      g_autofree char *name = g_strdup_printf ("%s, %s", protocol, score);

      add_cell (self, name, 0, row + s, FALSE, FALSE);
      for (int c = 0; c < CW_N_CONTENDERS; c++)
        add_score (self, &e->scores[c][p].scores[s], 1 + c, row + s, FALSE);
    }
  return trained->n_scores;
}

static void
add_reason (CwbEvaluatePage *self, int p, int row)
{
  const CwEvaluation *e = self->evaluation;
  g_autofree char *text
      = g_strdup_printf (_ ("%s left out: %s"),
                         g_dgettext (GETTEXT_PACKAGE, e->protocols[p]->base.label), e->reasons[p]);

  add_cell (self, text, 0, row, FALSE, FALSE);
}

static void
fill_table (CwbEvaluatePage *self)
{
  const CwEvaluation *e = self->evaluation;
  g_autofree char *majority = NULL;
  GtkWidget *child;
  int row = 1;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->table))) != NULL)
    gtk_grid_remove (self->table, child);
  add_cell (self, _ ("Protocol"), 0, 0, TRUE, FALSE);
  add_cell (self, _ ("Trained"), 1, 0, TRUE, FALSE);
  add_cell (self, _ ("Random init"), 2, 0, TRUE, FALSE);
  add_cell (self, _ ("Pixels"), 3, 0, TRUE, FALSE);
  for (int p = 0; p < e->n_protocols; p++)
    {
      int n = add_known_rows (self, p, row);

      if (n == 0 && e->reasons[p] == NULL)
        n = add_all_rows (self, p, row);
      if (e->reasons[p] != NULL)
        add_reason (self, p, row + n++);
      row += n;
    }
  add_cell (self, _ ("Majority class"), 0, row, FALSE, FALSE);
  majority = format_value (e->majority, CW_SCORE_SHARE);
  add_cell (self, majority, 1, row, FALSE, FALSE);
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
  gboolean able = dataset != NULL && can_evaluate (self, labelled);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.start",
                                 self->job == NULL && model != NULL && able);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.cancel", self->job != NULL);
  adw_status_page_set_description (
      self->empty_page,
      dataset == NULL ? _ ("Open faces on the Data page, then train or open a model.")
      : !able         ? _ ("These faces have no labels. Training needs none, but the chosen protocols "
                          "do: choose others, or open labelled faces on the Data page.")
      : model == NULL ? _ ("Train an encoder on the Train page, open an earlier one there with “Open a "
                          "Run…”, or open a .safetensors file here.")
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
  work->protocols = dup_chosen (self);
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
  g_clear_object (&self->protocols);
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
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, protocols_button);
  gtk_widget_class_bind_template_child (widget_class, CwbEvaluatePage, protocols_again_button);
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
  make_protocols (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.start", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evaluate.cancel", FALSE);
}
