/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-paint-window.h"

#include "util/cwb-settings.h"
#include "util/cwb-task.h"
#include "widgets/cwb-paint-view.h"

#include <glib/gi18n.h>

#define PICTURE_SIDE CWB_PAINT_CANVAS_SIDE
#define SETTING "painting"

struct _CwbPaintWindow
{
  GObject parent_instance;

  CwbPage *page; /* not owned */
  CwbPainting *painting;
  CwbTask *task;     /* (nullable): the face is being loaded */
  GtkWindow *window; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (CwbPaintWindow, cwb_paint_window, G_TYPE_OBJECT)

static guint saved_signal;

/* ---- the painting ---- */

static void
keep_painting (CwbPaintWindow *self)
{
  g_autofree char *strokes = cwb_painting_dup_text (self->painting);

  cwb_settings_set_string (SETTING, strokes);
}

/* That of the last time, as one stroke. */
static void
restore_painting (CwbPaintWindow *self)
{
  g_autofree char *strokes = cwb_settings_dup_string (SETTING, "");
  g_autoptr (GError) error = NULL;

  if (*strokes != '\0' && !cwb_painting_set_text (self->painting, strokes, &error))
    cwb_session_report_error (cwb_page_get_session (self->page), error->message);
}

/* The experiment's warp becomes the painting; the editor can undo it. */
static void
use_painting (CwbPaintWindow *self, const char *strokes)
{
  CwbSession *session = cwb_page_get_session (self->page);
  CwExperiment *experiment = cwb_session_get_experiment (session);
  g_autoptr (GError) error = NULL;

  if (!cw_experiment_set (experiment, "warp.type", "painted", &error)
      || !cw_experiment_set (experiment, "warp.strokes", strokes, &error))
    cwb_session_report_error (session, error->message);
  cwb_session_experiment_changed (session);
}

static void
announce_saved (CwbPaintWindow *self)
{
  g_signal_emit (self, saved_signal, 0);
}

/* ---- the window ---- */

/* A face to paint on. */
typedef struct
{
  CwDataset *dataset;
  guint item;
  CwPoint points[CW_N_LANDMARKS];
} Face;

static void
face_free (gpointer data)
{
  Face *face = data;

  g_object_unref (face->dataset);
  g_free (face);
}

static gpointer
load_work (gpointer data, CwJob *job, GError **error)
{
  const Face *face = data;

  return cw_dataset_load_image (face->dataset, face->item, PICTURE_SIDE, error);
}

static void
show_window (CwbPaintWindow *self, CwImage *image, const CwPoint *points)
{
  GtkWidget *view = cwb_paint_view_new ();

  if (self->window != NULL)
    gtk_window_destroy (self->window);
  cwb_paint_view_set_painting (CWB_PAINT_VIEW (view), self->painting);
  cwb_paint_view_set_face (CWB_PAINT_VIEW (view), image, points);
  g_signal_connect_object (view, "use-requested", G_CALLBACK (use_painting), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "saved", G_CALLBACK (announce_saved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "destroy", G_CALLBACK (keep_painting), self, G_CONNECT_SWAPPED);
  cwb_page_open_window (self->page, _ ("Paint a Warp"), view, 900, 680, &self->window);
}

static void
load_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbPaintWindow *self = CWB_PAINT_WINDOW (owner);
  g_autoptr (CwImage) image = result;
  const Face *face = cwb_task_get_data (task);

  if (image != NULL)
    show_window (self, image, face->points);
  else
    cwb_session_report_error (cwb_page_get_session (self->page), error->message);
  g_clear_pointer (&self->task, cwb_task_unref);
}

static const CwbTaskClass load_class = {
  .work = load_work,
  .done = load_done,
  .free_data = face_free,
  .free_result = (GDestroyNotify) cw_image_unref,
};

/* A large picture takes its time, which the window does not have. */
void
cwb_paint_window_open (CwbPaintWindow *self)
{
  CwbSession *session;
  Face *face;

  g_return_if_fail (CWB_IS_PAINT_WINDOW (self));

  session = cwb_page_get_session (self->page);
  face = g_new0 (Face, 1);
  face->dataset = g_object_ref (cwb_session_get_dataset (session));
  face->item = cwb_session_get_selected (session);
  cw_dataset_get_landmarks (face->dataset, face->item, face->points);
  cwb_task_clear (&self->task);
  self->task = cwb_task_start (&load_class, self, face);
}

gboolean
cwb_paint_window_is_opening (CwbPaintWindow *self)
{
  g_return_val_if_fail (CWB_IS_PAINT_WINDOW (self), FALSE);

  return self->task != NULL;
}

/* ---- object ---- */

static void
cwb_paint_window_dispose (GObject *object)
{
  CwbPaintWindow *self = CWB_PAINT_WINDOW (object);

  cwb_task_clear (&self->task);
  if (self->window != NULL)
    gtk_window_destroy (self->window);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->painting);
  G_OBJECT_CLASS (cwb_paint_window_parent_class)->dispose (object);
}

static void
cwb_paint_window_class_init (CwbPaintWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_paint_window_dispose;
  saved_signal = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
cwb_paint_window_init (CwbPaintWindow *self)
{
  self->painting = cwb_painting_new ();
}

CwbPaintWindow *
cwb_paint_window_new (CwbPage *page)
{
  CwbPaintWindow *self;

  g_return_val_if_fail (CWB_IS_PAGE (page), NULL);

  self = g_object_new (CWB_TYPE_PAINT_WINDOW, NULL);
  self->page = page;
  restore_painting (self);
  return self;
}
