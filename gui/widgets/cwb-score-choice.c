/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-score-choice.h"

#include <glib/gi18n.h>
#include <string.h>

#define FEW 8 /* of which all are shown */
#define OTHER_SUBJECT "_other_subject"

struct _CwbScoreChoice
{
  AdwBin parent_instance;

  GPtrArray *ids;     /* "linear.accuracy": those that there are */
  GHashTable *counts; /* id -> how many evaluations have it */
  GHashTable *chosen; /* id -> whether it is shown, as the user has it */
  gboolean updating;

  GtkMenuButton *button;
  GtkCheckButton *all;
  GtkBox *box; /* of a check button for each of @ids */
};

G_DEFINE_FINAL_TYPE (CwbScoreChoice, cwb_score_choice, ADW_TYPE_BIN)

static guint changed_signal;

static guint
count (CwbScoreChoice *self, const char *id)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, id));
}

/* What is shown of many where nobody has chosen. */
static gboolean
is_usual (CwbScoreChoice *self, const char *id)
{
  static const char *const usual[] = { "linear.accuracy", "linear.macro_recall", "knn.accuracy",
                                       "retrieval.p_at_10", "retrieval.map", NULL };
  g_autofree char *others = NULL;
  g_autofree char *core = NULL;

  if (self->ids->len <= FEW)
    return TRUE;
  if (!g_str_has_suffix (id, OTHER_SUBJECT))
    {
      /* Where persons are known, only what other persons show says something; but are they known everywhere? */
      others = g_strconcat (id, OTHER_SUBJECT, NULL);
      return g_strv_contains (usual, id) && count (self, id) > count (self, others);
    }
  core = g_strndup (id, strlen (id) - strlen (OTHER_SUBJECT));
  return g_strv_contains (usual, core);
}

static gboolean
is_shown (CwbScoreChoice *self, const char *id)
{
  gpointer chosen;

  return g_hash_table_lookup_extended (self->chosen, id, NULL, &chosen) ? GPOINTER_TO_INT (chosen)
                                                                        : is_usual (self, id);
}

/* The buttons as the choice is. */
static void
update (CwbScoreChoice *self)
{
  guint n = 0;
  g_autofree char *tip = NULL;

  self->updating = TRUE;
  for (GtkWidget *check = gtk_widget_get_first_child (GTK_WIDGET (self->box)); check != NULL;
       check = gtk_widget_get_next_sibling (check))
    {
      gboolean shown = is_shown (self, g_object_get_data (G_OBJECT (check), "id"));

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), shown);
      n += shown ? 1 : 0;
    }
  gtk_check_button_set_active (self->all, n == self->ids->len);
  gtk_check_button_set_inconsistent (self->all, n > 0 && n < self->ids->len);
  self->updating = FALSE;
  tip = g_strdup_printf (_ ("%u of %u scores are shown"), n, self->ids->len);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), tip);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), self->ids->len > 0);
}

static void
choose (CwbScoreChoice *self, const char *id, gboolean shown)
{
  g_hash_table_replace (self->chosen, g_strdup (id), GINT_TO_POINTER (shown));
}

static void
on_toggled (GtkCheckButton *check, CwbScoreChoice *self)
{
  if (self->updating)
    return;
  choose (self, g_object_get_data (G_OBJECT (check), "id"), gtk_check_button_get_active (check));
  update (self);
  g_signal_emit (self, changed_signal, 0);
}

/* A score of one more evaluation. */
static void
count_score (CwbScoreChoice *self, const CwComparedScore *score, GHashTable *seen)
{
  char *id = g_strconcat (score->protocol, ".", score->id, NULL);

  /* With other parameters it is there once more. */
  if (!g_hash_table_add (seen, id))
    return;
  g_hash_table_replace (self->counts, g_strdup (id), GUINT_TO_POINTER (count (self, id) + 1));
}

/* All, or again those that say the most. */
static void
on_all_toggled (GtkCheckButton *check, CwbScoreChoice *self)
{
  if (self->updating)
    return;
  g_hash_table_remove_all (self->chosen);
  for (guint i = 0; gtk_check_button_get_active (check) && i < self->ids->len; i++)
    choose (self, self->ids->pdata[i], TRUE);
  update (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
add (CwbScoreChoice *self, const CwComparedScore *score)
{
  char *id = g_strconcat (score->protocol, ".", score->id, NULL);
  g_autofree char *label = NULL;
  GtkWidget *check;

  if (g_ptr_array_find_with_equal_func (self->ids, id, g_str_equal, NULL))
    {
      g_free (id);
      return;
    }
  g_ptr_array_add (self->ids, id);
  label = cw_score_dup_label (score->protocol, score->id);
  check = gtk_check_button_new_with_label (label);
  g_object_set_data (G_OBJECT (check), "id", id);
  g_signal_connect (check, "toggled", G_CALLBACK (on_toggled), self);
  gtk_box_append (self->box, check);
}

void
cwb_score_choice_set (CwbScoreChoice *self, const CwComparison *comparison)
{
  GtkWidget *child;

  g_return_if_fail (CWB_IS_SCORE_CHOICE (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  g_ptr_array_set_size (self->ids, 0);
  g_hash_table_remove_all (self->counts);
  for (guint e = 0; comparison != NULL && e < comparison->evaluations->len; e++)
    {
      g_autoptr (GPtrArray) scores
          = cw_comparison_list_scores (comparison, comparison->evaluations->pdata[e]);
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint s = 0; s < scores->len; s++)
        {
          count_score (self, scores->pdata[s], seen);
          add (self, scores->pdata[s]);
        }
    }
  update (self);
}

gboolean
cwb_score_choice_shows (CwbScoreChoice *self, const CwComparedScore *score)
{
  g_autofree char *id = NULL;

  g_return_val_if_fail (CWB_IS_SCORE_CHOICE (self), FALSE);

  id = g_strconcat (score->protocol, ".", score->id, NULL);
  return is_shown (self, id);
}

static void
cwb_score_choice_finalize (GObject *object)
{
  CwbScoreChoice *self = CWB_SCORE_CHOICE (object);

  g_ptr_array_unref (self->ids);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->chosen);
  G_OBJECT_CLASS (cwb_score_choice_parent_class)->finalize (object);
}

static void
cwb_score_choice_class_init (CwbScoreChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cwb_score_choice_finalize;
  changed_signal = g_signal_new ("changed", CWB_TYPE_SCORE_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
cwb_score_choice_init (CwbScoreChoice *self)
{
  GtkWidget *popover = gtk_popover_new (), *scrolled = gtk_scrolled_window_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->all = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_ ("All Scores")));
  g_signal_connect (self->all, "toggled", G_CALLBACK (on_all_toggled), self);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->all));
  gtk_box_append (GTK_BOX (content), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->box));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 420);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), content);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Scores"), -1);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_label (self->button, _ ("_Scores"));
  gtk_menu_button_set_use_underline (self->button, TRUE);
  gtk_menu_button_set_popover (self->button, popover);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
  update (self);
}
