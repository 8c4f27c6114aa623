/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-features.h"

G_BEGIN_DECLS

/**
 * CwEmbeddings:
 *
 * Vectors with their items, as files that other tools open: E.npy (float32 `[n, dim]`) and beside it
 * E.csv (UTF-8, header path,label,subject,split, one row per vector) and E.json ("model", "dataset",
 * "n", "dim", "sha256" of the encoder's weights, "encoder" and "norm" that were chosen).
 */
typedef struct
{
  guint n;
  int dim;
  float *x;         /* [n, dim] */
  char **paths;     /* [n]: names of the items: paths below @dataset where that is a folder */
  char **labels;    /* [n], "" = unknown */
  char **subjects;  /* [n], "" = unknown */
  char **splits;    /* [n], "" = none */
  char *model;      /* path of the model; files of earlier versions have it as it was typed */
  char *dataset;    /* location */
  char *sha256;     /* of the encoder's weights, "" = unknown */
  char *encoder;    /* "online" or "target", "" = unknown */
  char *norm;       /* "running" or "batch": cw_norm_mode_name(), "" = unknown */
} CwEmbeddings;

CwEmbeddings *cw_embeddings_new (const CwFeatures *features, CwDataset *dataset,
                                 const char *model_path);
/* Which network of a run made them, and the statistics its norms used. */
void          cw_embeddings_set_network (CwEmbeddings *embeddings, const char *encoder,
                                         const char *norm);
/* Whether @path is a name for embeddings of @dataset (nullable): it ends in .npy, and what has the three names
 * already is embeddings and not what @dataset is read from. */
gboolean      cw_embeddings_check_output (const char *path, CwDataset *dataset, GError **error);
/* To a name of that kind. All three are on disk before the first gets its name; E.npy comes last. */
gboolean      cw_embeddings_save (const CwEmbeddings *embeddings, const char *path, GError **error);
/* NULL with one line naming the file, and the line in it: one of the three is missing or broken, or
 * they do not belong together. */
CwEmbeddings *cw_embeddings_load (const char *path, GError **error);
void          cw_embeddings_free (CwEmbeddings *embeddings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwEmbeddings, cw_embeddings_free)

G_END_DECLS
