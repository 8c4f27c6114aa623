/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/* Edits that can be undone; older ones are forgotten. */
#define CWB_HISTORY_MOST 200

/**
 * CwbHistory:
 *
 * The states that the views of an experiment went through, with what led from each to the next, for
 * undo and redo. It keeps copies and changes nothing itself: who undoes puts the state back.
 */
typedef struct _CwbHistory CwbHistory;

/* Begins with @views, which no undo goes behind. */
CwbHistory    *cwb_history_new (const CwViews *views);
void           cwb_history_free (CwbHistory *self);

/**
 * cwb_history_record:
 * @views: as they are after the edit
 * @label: what was done, for people
 * @key: (nullable): what was edited; edits of the same key that follow each other are one, until
 *   cwb_history_seal()
 *
 * Forgets what could be redone. Where nothing has changed, nothing is recorded.
 */
void           cwb_history_record (CwbHistory *self, const CwViews *views, const char *label,
                                   const char *key);
/* The last edit is complete: a further one of the same key is another. */
void           cwb_history_seal (CwbHistory *self);

/* (nullable): lent until the next record, the state to put back; NULL where there is none. */
const CwViews *cwb_history_undo (CwbHistory *self);
const CwViews *cwb_history_redo (CwbHistory *self);
/* (nullable): what the next undo or redo takes back or does again; NULL where there is none. */
const char    *cwb_history_get_undo_label (const CwbHistory *self);
const char    *cwb_history_get_redo_label (const CwbHistory *self);
/* The present state. */
const CwViews *cwb_history_get_views (const CwbHistory *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbHistory, cwb_history_free)

G_END_DECLS
