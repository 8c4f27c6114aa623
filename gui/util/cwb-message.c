/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-message.h"

#include <string.h>

/* What a toast shows in a window of the usual width. */
#define MAX_CHARS 60

/* The message from the last part of the file's name on. */
static const char *
skip_folders (const char *message)
{
  const char *end = strstr (message, ": "), *slash;

  if (*message != G_DIR_SEPARATOR || end == NULL)
    return message;
  slash = g_strrstr_len (message, end - message, G_DIR_SEPARATOR_S);
  return slash + 1 < end ? slash + 1 : message;
}

char *
cwb_message_dup_short (const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1), *start = NULL;
  const char *text = valid;

  if (g_utf8_strlen (text, -1) > MAX_CHARS)
    text = skip_folders (text);
  if (g_utf8_strlen (text, -1) <= MAX_CHARS)
    return g_strdup (text);
  start = g_utf8_substring (text, 0, MAX_CHARS - 1);
  return g_strconcat (g_strchomp (start), "…", NULL);
}
