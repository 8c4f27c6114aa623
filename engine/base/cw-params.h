/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stddef.h>

G_BEGIN_DECLS

/**
 * CwParamSpec:
 *
 * One parameter of one operation, as data. A table of these, closed by CW_PARAM_END, describes a
 * plain struct (the "block") and feeds the experiment file, `--set`, the generated form rows, their
 * tooltips, the documentation and the conformance test.
 *
 * Storage in the block: BOOL gboolean, INT int, FLOAT float, ENUM int (index into nicks),
 * STRING char * (owned by the block, never NULL).
 */
typedef enum
{
  CW_PARAM_BOOL,
  CW_PARAM_INT,
  CW_PARAM_FLOAT,
  CW_PARAM_ENUM,
  CW_PARAM_STRING,
} CwParamType;

typedef struct
{
  const char *id;    /* the key in files: lower case, dashes; stable for ever */
  CwParamType type;
  const char *label; /* for people, marked with N_() */
  const char *unit;  /* "px", "°", "" */
  double min, max, def;
  const char *const *nicks; /* ENUM: NULL-terminated */
  const char *def_string;   /* STRING */
  const char *blurb;        /* one line, marked with N_() */
  size_t offset;
  /* STRING (nullable): whether the operation can use the text; the default is such a text. The error
   * says what is wrong with it, who calls says where it stands. */
  gboolean (*check) (const char *text, GError **error);
} CwParamSpec;

#define CW_PARAM_FLOAT(Struct, field, id_, label_, unit_, min_, max_, def_, blurb_)                \
  { .id = id_, .type = CW_PARAM_FLOAT, .label = label_, .unit = unit_, .min = min_, .max = max_,   \
    .def = def_, .blurb = blurb_, .offset = offsetof (Struct, field) }
#define CW_PARAM_INT(Struct, field, id_, label_, unit_, min_, max_, def_, blurb_)                  \
  { .id = id_, .type = CW_PARAM_INT, .label = label_, .unit = unit_, .min = min_, .max = max_,     \
    .def = def_, .blurb = blurb_, .offset = offsetof (Struct, field) }
#define CW_PARAM_BOOL(Struct, field, id_, label_, def_, blurb_)                                    \
  { .id = id_, .type = CW_PARAM_BOOL, .label = label_, .unit = "", .min = 0, .max = 1,             \
    .def = def_, .blurb = blurb_, .offset = offsetof (Struct, field) }
#define CW_PARAM_ENUM(Struct, field, id_, label_, nicks_, def_, blurb_)                            \
  { .id = id_, .type = CW_PARAM_ENUM, .label = label_, .unit = "", .nicks = nicks_, .def = def_,   \
    .blurb = blurb_, .offset = offsetof (Struct, field) }
#define CW_PARAM_STRING(Struct, field, id_, label_, def_, blurb_)                                  \
  { .id = id_, .type = CW_PARAM_STRING, .label = label_, .unit = "", .def_string = def_,           \
    .blurb = blurb_, .offset = offsetof (Struct, field) }
#define CW_PARAM_END { .id = NULL }

/* A table may be NULL: an operation without parameters. */
int                cw_params_count (const CwParamSpec *specs);
const CwParamSpec *cw_params_find (const CwParamSpec *specs, const char *id);

/* Fills a fresh (zeroed or garbage) block with the defaults. */
void     cw_params_init (const CwParamSpec *specs, gpointer block);
/* Frees what the block owns. */
void     cw_params_clear (const CwParamSpec *specs, gpointer block);
/* Deep copy over a fresh block. */
void     cw_params_copy (const CwParamSpec *specs, gpointer to, gconstpointer from);
/* A heap block of @size bytes with the defaults; and its end. */
gpointer cw_params_block_new (const CwParamSpec *specs, size_t size);
void     cw_params_block_free (const CwParamSpec *specs, gpointer block);
gboolean cw_params_equal (const CwParamSpec *specs, gconstpointer a, gconstpointer b);

/* Number of a non-string parameter. set clamps nothing: it fails outside min..max. */
double   cw_params_get_number (const CwParamSpec *spec, gconstpointer block);
gboolean cw_params_set_number (const CwParamSpec *spec, gpointer block, double value,
                               GError **error);

/**
 * cw_params_set_string:
 * @where: (nullable): what the key belongs to, for the message ("view.crop in demo.cwexp")
 * @text: locale-independent; floats with a point, booleans true|false, enums by nick
 *
 * Returns: FALSE with CW_ERROR_INVALID_CONFIG naming key, value and what is allowed; the block is
 *   then unchanged
 */
gboolean cw_params_set_string (const CwParamSpec *specs, gpointer block, const char *where,
                               const char *id, const char *text, GError **error);
/* (transfer full): text that cw_params_set_string() takes back to the same value. */
char    *cw_params_dup_string (const CwParamSpec *spec, gconstpointer block);

/* All keys of @group; an unknown key is an error that lists the near ones. A missing group or key
 * leaves the default. @file is for the message. */
gboolean cw_params_load (const CwParamSpec *specs, gpointer block, GKeyFile *keys,
                         const char *group, const char *file, GError **error);
void     cw_params_save (const CwParamSpec *specs, gconstpointer block, GKeyFile *keys,
                         const char *group);

/* An array of {"id", "type", "label", "unit", "default", "min", "max", "values", "description"}. */
void     cw_params_describe (const CwParamSpec *specs, JsonBuilder *builder);

G_END_DECLS
