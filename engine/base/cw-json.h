/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * cw_json_to_string:
 * @builder: holds one finished value
 *
 * (transfer full): the value as indented JSON, without a line end. Numbers are written with the fewest
 * digits that read back to the same double, non-finite ones as null; text that is not UTF-8 has its bad
 * bytes replaced. (json-glib 1.6 writes 1e-08 as "1e-08.0", which no parser takes.)
 */
char *cw_json_to_string (JsonBuilder *builder);

/* A member of an open object. */
void  cw_json_add_string (JsonBuilder *builder, const char *name, const char *value); /* or null */
void  cw_json_add_number (JsonBuilder *builder, const char *name, double value); /* NaN, inf = null */
void  cw_json_add_int (JsonBuilder *builder, const char *name, gint64 value);

/* Members of an object (nullable) that anybody may have written: what is not of the right kind is not there. */
JsonObject *cw_json_get_object (JsonObject *json, const char *name); /* (nullable), lent */
const char *cw_json_get_string (JsonObject *json, const char *name); /* (nullable), lent */
double      cw_json_get_number (JsonObject *json, const char *name); /* NaN where there is none */

G_END_DECLS
