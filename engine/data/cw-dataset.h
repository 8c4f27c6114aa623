/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "image/cw-geometry.h"
#include "image/cw-image.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  CW_SPLIT_NONE = -1, /* the layout has no splits */
  CW_SPLIT_TRAIN,
  CW_SPLIT_VALID,
  CW_SPLIT_TEST,
  CW_N_SPLITS,
} CwSplit;

const char *cw_split_name (CwSplit split); /* "none", "train", "valid", "test" */

/* One picture. Strings are owned by the dataset. */
typedef struct
{
  const char *name; /* unique in the dataset: the path relative to its root, or a row's name */
  int label;        /* index into labels, -1 = unknown */
  int subject;      /* index into subjects, -1 = unknown */
  CwSplit split;
  int source;       /* index into sources: pictures with one in common are cuts of one photo or frames
                     * of one recording; -1 = unknown */
} CwItem;

/* Three pictures and which of them people found least like the other two. */
typedef struct
{
  guint32 items[3];
  int odd;       /* 0..2 */
  int n_classes; /* expressions among the three, as chosen by who made the triplet; 0 = unknown */
  CwSplit split;
} CwTriplet;

/* A picture or row that was refused, and why (one line). */
typedef struct
{
  char *name;
  char *reason;
} CwRejected;

CwRejected *cw_rejected_new (const char *name, const char *reason); /* made valid UTF-8 */
void        cw_rejected_free (gpointer rejected);

#define CW_TYPE_DATASET (cw_dataset_get_type ())
G_DECLARE_FINAL_TYPE (CwDataset, cw_dataset, CW, DATASET, GObject)

/**
 * CwDataset:
 *
 * What a reader understood: items and their optional columns. Filled by the reader, then immutable
 * and safe to use from any thread. Pixels are decoded on demand.
 */

/* Decodes item @index. Thread-safe. @max_side as in cw_picture_load(). */
typedef CwImage *(*CwDatasetLoadFunc) (CwDataset *dataset, guint index, int max_side,
                                       gpointer reader_data, GError **error);
/* Landmarks of item @index in normalised coordinates, CW_N_LANDMARKS of the template's order. */
typedef gboolean (*CwDatasetLandmarksFunc) (CwDataset *dataset, guint index, gpointer reader_data,
                                            CwPoint *points);

/* ---- for readers ---- */
CwDataset *cw_dataset_new (const char *location, const char *layout);
/* NULL @load: item names are paths below @location (a folder). */
void       cw_dataset_set_loader (CwDataset *dataset, CwDatasetLoadFunc load,
                                  CwDatasetLandmarksFunc landmarks, gpointer reader_data,
                                  GDestroyNotify destroy);
/* Order is the label index: the canonical order of method.md 7 where the classes are emotions. */
int        cw_dataset_add_label (CwDataset *dataset, const char *name);   /* or the existing one */
int        cw_dataset_add_subject (CwDataset *dataset, const char *name); /* or the existing one */
/* Float columns beside the items (votes, action units, valence ...); before the first item. */
int        cw_dataset_add_column (CwDataset *dataset, const char *name);
/* @path: (nullable): file to read where it is not the name; @columns: one per column, NaN =
 * unknown, or NULL. A name that is taken is refused: rejected with the reason, and FALSE. */
gboolean   cw_dataset_add_item (CwDataset *dataset, const char *name, const char *path, int label,
                                int subject, CwSplit split, const float *columns);
/* What item @index was cut from or recorded in; the same name, the same source. */
void       cw_dataset_set_source (CwDataset *dataset, guint index, const char *name);
/* Of three different items that are there. */
void       cw_dataset_add_triplet (CwDataset *dataset, const CwTriplet *triplet);
void       cw_dataset_reject (CwDataset *dataset, const char *name, const char *reason);
/* What is to be told of the data and refuses no picture: one line, made valid UTF-8. */
void       cw_dataset_add_remark (CwDataset *dataset, const char *text);
/* A file that decides about pictures that have none of their own: a table of pixels, a pack. */
void       cw_dataset_add_file (CwDataset *dataset, const char *path);
/* A table that was read and decides about no pixels. */
void       cw_dataset_add_table (CwDataset *dataset, const char *path);
/* What else decides about them, as text; cw_dataset_open() gives the reader's parameters. */
void       cw_dataset_set_parameters (CwDataset *dataset, const char *text);

/* Where the template of landmarks lies in pictures that bring none of their own: the box that its
 * unit square becomes, normalised; at first the whole picture, (0, 0, 1, 1). cw_dataset_open() sets
 * it. Neither the fingerprint nor the state has it: what pictures show does not depend on it. */
void       cw_dataset_set_face (CwDataset *dataset, float left, float top, float width,
                                float height);

/* ---- for everybody ---- */
const char       *cw_dataset_get_location (CwDataset *dataset);
const char       *cw_dataset_get_layout (CwDataset *dataset); /* the reader's id */
guint             cw_dataset_get_n_items (CwDataset *dataset);
const CwItem     *cw_dataset_get_item (CwDataset *dataset, guint index);
/* (transfer full) (nullable): the file of an item, NULL where there is none of its own. */
char             *cw_dataset_dup_path (CwDataset *dataset, guint index);
guint             cw_dataset_get_n_labels (CwDataset *dataset);
const char       *cw_dataset_get_label (CwDataset *dataset, int label);
guint             cw_dataset_get_n_subjects (CwDataset *dataset);
const char       *cw_dataset_get_subject (CwDataset *dataset, int subject);
guint             cw_dataset_get_n_sources (CwDataset *dataset);
const char       *cw_dataset_get_source (CwDataset *dataset, int source);
guint             cw_dataset_get_n_triplets (CwDataset *dataset);
const CwTriplet  *cw_dataset_get_triplet (CwDataset *dataset, guint index);
guint             cw_dataset_get_n_columns (CwDataset *dataset);
const char       *cw_dataset_get_column_name (CwDataset *dataset, guint column);
float             cw_dataset_get_column (CwDataset *dataset, guint column, guint index);
guint             cw_dataset_get_n_rejected (CwDataset *dataset);
const CwRejected *cw_dataset_get_rejected (CwDataset *dataset, guint index);
guint             cw_dataset_get_n_remarks (CwDataset *dataset);
const char       *cw_dataset_get_remark (CwDataset *dataset, guint index);
/* Number of items in a split (CW_SPLIT_NONE counts those without). */
guint             cw_dataset_count_split (CwDataset *dataset, CwSplit split);
gboolean          cw_dataset_find (CwDataset *dataset, const char *name, guint *index);

/* (transfer full). Thread-safe; never caches. The error names the picture. */
CwImage          *cw_dataset_load_image (CwDataset *dataset, guint index, int max_side,
                                         GError **error);
/* Decodes every item on all threads. @rejected: (out) (transfer full) (element-type CwRejected): those
 * that cannot be read, in order. FALSE only when cancelled. */
gboolean          cw_dataset_check (CwDataset *dataset, CwJob *job, GPtrArray **rejected,
                                    GError **error);
/* The item's own landmarks or the template's where cw_dataset_set_face() has it, normalised;
 * CW_N_LANDMARKS points. */
void              cw_dataset_get_landmarks (CwDataset *dataset, guint index, CwPoint *points);
/* As cw_dataset_set_face() had it: left, top, width, height, normalised. */
void              cw_dataset_get_face (CwDataset *dataset, float box[4]);
/* FALSE where the item brings no landmarks of its own; @points are then left alone. */
gboolean          cw_dataset_find_landmarks (CwDataset *dataset, guint index, CwPoint *points);
/* 64-bit hash of what identifies the data: names, labels, splits (not pixels). */
guint64           cw_dataset_fingerprint (CwDataset *dataset);
/* (transfer full): the same as runs and records keep it, 16 hexadecimal digits. */
char             *cw_dataset_dup_fingerprint (CwDataset *dataset);
guint             cw_dataset_get_n_files (CwDataset *dataset);
const char       *cw_dataset_get_file (CwDataset *dataset, guint index);
/* Whether @path is the location, one of the files or a table, by whatever name. */
gboolean          cw_dataset_reads_file (CwDataset *dataset, const char *path);
const char       *cw_dataset_get_parameters (CwDataset *dataset);
/**
 * cw_dataset_dup_state:
 *
 * (transfer full): SHA-256, hex, of what changes when pixels of @items do: names, sizes and times of
 * their files, or of the files they are in; the reader's parameters; where there is no file at all, the
 * pixels of a few of @items. One stat() a picture: some 0.1 s for 30,000.
 */
char             *cw_dataset_dup_state (CwDataset *dataset, const guint32 *items, guint n_items);

G_END_DECLS
