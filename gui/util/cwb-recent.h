/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* Data that were opened, newest first, kept in the settings. How they were read is a part of it. */

#define CWB_RECENT_MOST 8

typedef struct
{
  char *title; /* for people */
  char *location, *reader, *options;
} CwbRecent;

void       cwb_recent_free (CwbRecent *recent);
/* (transfer full) (element-type CwbRecent) */
GPtrArray *cwb_recent_list (void);
/* @dataset was opened as @data says; it becomes the first of the list. */
void       cwb_recent_add (CwDataset *dataset, const CwDataParams *data);
/* Fills @menu with an item of @action for each, whose target "(sss)" is location, reader and options. */
void       cwb_recent_fill_menu (GMenu *menu, const char *action);

G_END_DECLS
