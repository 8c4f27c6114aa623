/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-record.h"

#include "cli/cw-cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_CHARS 30

static const char *
get_string (JsonObject *json, const char *name)
{
  const char *text = cw_json_get_string (json, name);

  return text != NULL ? text : "-";
}

/* (nullable): the protocol's first figure, counts passed over. */
static const char *
find_first (JsonObject *json, const char *protocol, JsonObject *scores)
{
  g_autoptr (GList) names = json_object_get_members (scores);

  for (GList *name = names; name != NULL; name = name->next)
    {
      if (isfinite (cw_json_get_number (scores, name->data))
          && cw_evaluation_record_find_unit (json, protocol, name->data) != CW_SCORE_COUNT)
        return name->data;
    }
  return NULL;
}

/* Floors stand behind the trained encoder's score, in brackets. */
static void
print_protocol (JsonObject *json, const char *protocol)
{
  JsonObject *trained
      = cw_json_get_object (cw_json_get_object (json, cw_contender_name (CW_CONTENDER_TRAINED)), protocol);
  const char *id = trained != NULL ? find_first (json, protocol, trained) : NULL;
  const char *separator = "  (";
  g_autofree char *name = g_strconcat (protocol, ".", id, NULL);

  if (id == NULL)
    return;
  printf ("  %-*s", NAME_CHARS, name);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      const char *contender = cw_contender_name ((CwContender) c);
      JsonObject *scores = cw_json_get_object (cw_json_get_object (json, contender), protocol);
      double value = cw_json_get_number (scores, id);
      g_autofree char *text = cw_score_format (value, cw_evaluation_record_find_unit (json, protocol, id));

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
  JsonObject *trained = cw_json_get_object (record, cw_contender_name (CW_CONTENDER_TRAINED));
  g_autoptr (GList) protocols = trained != NULL ? json_object_get_members (trained) : NULL;
  g_autofree char *majority = cw_score_format (cw_json_get_number (record, "majority"), CW_SCORE_SHARE);

  if (record == NULL)
    {
      printf ("last evaluation: its record in run.db is not JSON\n");
      return;
    }
  printf ("last evaluation: after %.0f steps, on %s; fitted on %.0f, scored on %.0f (%s); encoder %s, "
          "norms %s\n",
          cw_json_get_number (record, "step"), get_string (record, "data"), cw_json_get_number (record, "n_train"),
          cw_json_get_number (record, "n_test"), get_string (record, "split"), get_string (record, "encoder"),
          get_string (record, "norm"));
  for (GList *protocol = protocols; protocol != NULL; protocol = protocol->next)
    print_protocol (record, protocol->data);
  if (isfinite (cw_json_get_number (record, "majority")))
    printf ("  %-*s%7s\n", NAME_CHARS, "majority class", majority);
}
