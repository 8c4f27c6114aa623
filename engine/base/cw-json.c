/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "config.h"

#include "base/cw-json.h"

#include <math.h>
#include <string.h>

static void write_node (GString *out, JsonNode *node, int depth);

static void
new_line (GString *out, int depth)
{
  g_string_append_printf (out, "\n%*s", 2 * depth, "");
}

static void
write_string (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *c = valid; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_printf (out, "\\%c", *c);
      else if (*c == '\n')
        g_string_append (out, "\\n");
      else if ((guchar) *c < 0x20 || *c == 0x7f)
        g_string_append_printf (out, "\\u%04x", (guint) (guchar) *c);
      else
        g_string_append_c (out, *c);
    }
  g_string_append_c (out, '"');
}

static void
write_number (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      g_string_append (out, "null");
      return;
    }
  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (memcmp (&(double){ g_ascii_strtod (text, NULL) }, &value, sizeof value) != 0)
    g_ascii_formatd (text, sizeof text, "%.17g", value);
  g_string_append (out, text);
  /* Stays a floating-point number for those who read it. */
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

static void
write_value (GString *out, JsonNode *node)
{
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      write_string (out, json_node_get_string (node));
      break;
    case G_TYPE_BOOLEAN:
      g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
      break;
    case G_TYPE_DOUBLE:
      write_number (out, json_node_get_double (node));
      break;
    default:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
    }
}

static void
write_array (GString *out, JsonArray *array, int depth)
{
  guint n = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      new_line (out, depth + 1);
      write_node (out, json_array_get_element (array, i), depth + 1);
    }
  if (n > 0)
    new_line (out, depth);
  g_string_append_c (out, ']');
}

static void
write_object (GString *out, JsonObject *object, int depth)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  gboolean first = TRUE;

  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_string_append (out, first ? "" : ",");
      first = FALSE;
      new_line (out, depth + 1);
      write_string (out, name);
      g_string_append (out, ": ");
      write_node (out, node, depth + 1);
    }
  if (!first)
    new_line (out, depth);
  g_string_append_c (out, '}');
}

static void
write_node (GString *out, JsonNode *node, int depth)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      write_object (out, json_node_get_object (node), depth);
      break;
    case JSON_NODE_ARRAY:
      write_array (out, json_node_get_array (node), depth);
      break;
    case JSON_NODE_VALUE:
      write_value (out, node);
      break;
    case JSON_NODE_NULL:
    default:
      g_string_append (out, "null");
    }
}

char *
cw_json_to_string (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  GString *out = g_string_new (NULL);

  write_node (out, root, 0);
  return g_string_free (out, FALSE);
}

void
cw_json_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
cw_json_add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
cw_json_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* ---- reading ---- */

static JsonNode *
find_member (JsonObject *json, const char *name)
{
  return json != NULL ? json_object_get_member (json, name) : NULL;
}

static GType
get_type (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
}

JsonObject *
cw_json_get_object (JsonObject *json, const char *name)
{
  JsonNode *node = find_member (json, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
cw_json_get_string (JsonObject *json, const char *name)
{
  JsonNode *node = find_member (json, name);

  return get_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

double
cw_json_get_number (JsonObject *json, const char *name)
{
  JsonNode *node = find_member (json, name);
  GType type = get_type (node);

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) NAN;
}
