/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-record.h"

#include "cli/cw-cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_CHARS 30

/* Whoever can write to the database can write anything: what is not of its kind is not there. */

static JsonObject *
get_object (JsonObject *json, const char *name)
{
  JsonNode *node = json != NULL ? json_object_get_member (json, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string (JsonObject *json, const char *name)
{
  JsonNode *node = json != NULL ? json_object_get_member (json, name) : NULL;
  gboolean is_string = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                       && json_node_get_value_type (node) == G_TYPE_STRING;

  return is_string ? json_node_get_string (node) : "-";
}

static double
get_number (JsonObject *json, const char *name)
{
  JsonNode *node = json != NULL ? json_object_get_member (json, name) : NULL;
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                            : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) NAN;
}

/* Records name the units of what is no share. */
static CwScoreUnit
find_unit (JsonObject *json, const char *protocol, const char *id)
{
  const char *name = get_string (get_object (get_object (json, "units"), protocol), id);

  for (int unit = 0; unit < CW_N_SCORE_UNITS; unit++)
    {
      if (strcmp (name, cw_score_unit_name ((CwScoreUnit) unit)) == 0)
        return (CwScoreUnit) unit;
    }
  return json_object_has_member (json, "units") ? CW_SCORE_SHARE : CW_SCORE_NUMBER;
}

/* (nullable): the protocol's first figure, counts passed over. */
static const char *
find_first (JsonObject *json, const char *protocol, JsonObject *scores)
{
  g_autoptr (GList) names = json_object_get_members (scores);

  for (GList *name = names; name != NULL; name = name->next)
    {
      if (isfinite (get_number (scores, name->data))
          && find_unit (json, protocol, name->data) != CW_SCORE_COUNT)
        return name->data;
    }
  return NULL;
}

/* Floors stand behind the trained encoder's score, in brackets. */
static void
print_protocol (JsonObject *json, const char *protocol)
{
  JsonObject *trained
      = get_object (get_object (json, cw_contender_name (CW_CONTENDER_TRAINED)), protocol);
  const char *id = trained != NULL ? find_first (json, protocol, trained) : NULL;
  const char *separator = "  (";
  g_autofree char *name = g_strconcat (protocol, ".", id, NULL);

  if (id == NULL)
    return;
  printf ("  %-*s", NAME_CHARS, name);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      const char *contender = cw_contender_name ((CwContender) c);
      JsonObject *scores = get_object (get_object (json, contender), protocol);
      double value = get_number (scores, id);
      g_autofree char *text = cw_score_format (value, find_unit (json, protocol, id));

      if (c == CW_CONTENDER_TRAINED)
        printf ("%7s", text);
      else if (isfinite (value))
        {
          printf ("%s%s %s", separator, c == CW_CONTENDER_PIXELS ? "pixels" : "random init", text);
          separator = ", ";
        }
    }
  printf ("%s\n", *separator == ',' ? ")" : "");
}

void
cw_cli_print_record (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  JsonObject *record = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *trained = get_object (record, cw_contender_name (CW_CONTENDER_TRAINED));
  g_autoptr (GList) protocols = trained != NULL ? json_object_get_members (trained) : NULL;
  g_autofree char *majority = cw_score_format (get_number (record, "majority"), CW_SCORE_SHARE);

  if (record == NULL)
    {
      printf ("last evaluation: its record in run.db is not JSON\n");
      return;
    }
  printf ("last evaluation: after %.0f steps, on %s; fitted on %.0f, scored on %.0f (%s); encoder %s, "
          "norms %s\n",
          get_number (record, "step"), get_string (record, "data"), get_number (record, "n_train"),
          get_number (record, "n_test"), get_string (record, "split"), get_string (record, "encoder"),
          get_string (record, "norm"));
  for (GList *protocol = protocols; protocol != NULL; protocol = protocol->next)
    print_protocol (record, protocol->data);
  if (isfinite (get_number (record, "majority")))
    printf ("  %-*s%7s\n", NAME_CHARS, "majority class", majority);
}
