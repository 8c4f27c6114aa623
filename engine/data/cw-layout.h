/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-csv.h"
#include "data/cw-dataset.h"

G_BEGIN_DECLS

/* What the readers of layouts share. Copies of data sets differ in case and spelling. */

/* "train", "Training", "val", "PublicTest", "test_set" ...; NONE for anything else. */
CwSplit     _cw_layout_parse_split (const char *text);
/* Whether field @column of the current row, in the column @name of the table @path, is empty (cw_csv_is_missing()) or a
 * word for a split. The error names the word: to pass over it would deal the splits anew. */
gboolean    _cw_layout_check_split (CwCsv *csv, const char *path, const char *name, guint column,
                                    GError **error);
/* (transfer full) (nullable): path of @folder's child @name, whatever its case. */
char       *_cw_layout_find_child (const char *folder, const char *name);

/* File names of a folder by their lower case, read once. */
typedef struct _CwFolderIndex CwFolderIndex;

/* An empty one where there is no such folder or it cannot be read. @folder may be NULL. */
CwFolderIndex *_cw_folder_index_new (const char *folder);
void           _cw_folder_index_free (CwFolderIndex *index);
/* (nullable): the name as it is on disk. */
const char    *_cw_folder_index_find (CwFolderIndex *index, const char *name);
/* (transfer container) (element-type char): pictures that were never found, in byte order. */
GPtrArray     *_cw_folder_index_list_unused (CwFolderIndex *index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwFolderIndex, _cw_folder_index_free)

G_END_DECLS
