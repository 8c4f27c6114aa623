/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_VIEWS_EDITOR (cwb_views_editor_get_type ())
G_DECLARE_FINAL_TYPE (CwbViewsEditor, cwb_views_editor, CWB, VIEWS_EDITOR, GtkWidget)

/**
 * CwbViewsEditor:
 *
 * How views are made: the pipeline of global transforms and the warp of the session's experiment, which it
 * edits in place. What has no effect is said beside its field. It follows ::experiment-changed; whose edit
 * it was is told by comparing, so that all can be undone here.
 *
 *   ::changed         after each edit, undo and load; a drag makes many. The session is not told: who
 *                     listens does that with cwb_session_experiment_changed(), as rarely as it likes.
 *   ::use-requested   the person wants to train with these views
 *
 * Actions: views.undo (Ctrl+Z), views.redo (Ctrl+Shift+Z, Ctrl+Y), views.copy-text, views.paste-text,
 * views.save, views.load, views.reset, views.use-in-new-run. The keys work wherever the focus is while
 * the editor is on screen.
 */
GtkWidget  *cwb_views_editor_new (void);
void        cwb_views_editor_set_session (CwbViewsEditor *self, CwbSession *session);

/* The sections [view], [view.STEP] and [warp] as a file. */
gboolean    cwb_views_editor_save (CwbViewsEditor *self, const char *path, GError **error);
/* Takes these sections, whichever there are, from an experiment's file or one that was saved. One step for
 * undo. After an error nothing has changed. */
gboolean    cwb_views_editor_load (CwbViewsEditor *self, const char *path, GError **error);
/* The same with text; @name is for messages. */
gboolean    cwb_views_editor_apply (CwbViewsEditor *self, const char *text, const char *name,
                                    GError **error);
/* For the file that was chosen: says in the editor what went wrong. */
void        cwb_views_editor_try_load (CwbViewsEditor *self, const char *path);
/* (nullable): what the editor says above its lists now. */
const char *cwb_views_editor_get_message (CwbViewsEditor *self);

G_END_DECLS
