/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-safetensors-private.h"

#include "base/cw-error.h"
#include "run/cw-safetensors.h"

#include <string.h>

/* The header is JSON of one fixed shape, and the format forbids what JSON libraries let pass (a key
 * that stands twice, numbers with a point), so it has a parser of its own: no recursion, no number
 * but whole ones, every error at a byte. */
typedef struct
{
  const char *path;
  const char *start, *p, *end;
  GHashTable *metadata, *tensors;
  GError **error;
} Parser;

static const struct
{
  const char *name;
  CwStored stored;
  guint size;
} dtypes[] = {
  { "F32", CW_STORED_F32, 4 },   { "F64", CW_STORED_F64, 8 }, { "F16", CW_STORED_F16, 2 },
  { "BF16", CW_STORED_BF16, 2 }, { "I64", CW_STORED_I64, 8 }, { "U8", CW_STORED_U8, 1 },
};

void
_cw_stored_tensor_free (gpointer data)
{
  CwStoredTensor *tensor = data;

  if (tensor == NULL)
    return;
  g_free (tensor->name);
  g_free (tensor);
}

static gboolean
corrupt (Parser *parser, const char *problem)
{
  g_set_error (parser->error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
               "%s: broken safetensors header: %s at byte %" G_GSIZE_FORMAT, parser->path, problem,
               (gsize) (parser->p - parser->start));
  return FALSE;
}

static void
skip_space (Parser *parser)
{
  while (parser->p < parser->end
         && (*parser->p == ' ' || *parser->p == '\t' || *parser->p == '\n' || *parser->p == '\r'))
    parser->p++;
}

/* The next character that is no space, taken if it is @c. */
static gboolean
take (Parser *parser, char c)
{
  skip_space (parser);
  if (parser->p >= parser->end || *parser->p != c)
    return FALSE;
  parser->p++;
  return TRUE;
}

static gboolean
expect (Parser *parser, char c)
{
  char problem[] = "expected ' '";

  if (take (parser, c))
    return TRUE;
  problem[10] = c;
  return corrupt (parser, problem);
}

static gboolean
parse_hex (Parser *parser, gunichar *value)
{
  *value = 0;
  for (int i = 0; i < 4; i++, parser->p++)
    {
      if (parser->p >= parser->end || !g_ascii_isxdigit (*parser->p))
        return corrupt (parser, "bad \\u escape");
      *value = *value * 16 + (gunichar) g_ascii_xdigit_value (*parser->p);
    }
  return TRUE;
}

/* After the "\u". */
static gboolean
parse_unicode_escape (Parser *parser, GString *out)
{
  gunichar c, low;

  if (!parse_hex (parser, &c))
    return FALSE;
  if (c >= 0xd800 && c < 0xdc00)
    {
      if (parser->end - parser->p < 2 || parser->p[0] != '\\' || parser->p[1] != 'u')
        return corrupt (parser, "half a surrogate pair");
      parser->p += 2;
      if (!parse_hex (parser, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return corrupt (parser, "half a surrogate pair");
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  if (c == 0 || (c >= 0xdc00 && c <= 0xdfff))
    return corrupt (parser, "a character that text cannot have");
  g_string_append_unichar (out, c);
  return TRUE;
}

static gboolean
parse_escape (Parser *parser, GString *out)
{
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  const char *found;
  char c;

  if (parser->p >= parser->end)
    return corrupt (parser, "text without an end");
  c = *parser->p++;
  if (c == 'u')
    return parse_unicode_escape (parser, out);
  found = c != '\0' ? strchr (names, c) : NULL;
  if (found == NULL)
    return corrupt (parser, "unknown escape");
  g_string_append_c (out, values[found - names]);
  return TRUE;
}

/* (transfer full): NULL on error. */
static char *
parse_string (Parser *parser)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (!expect (parser, '"'))
    return NULL;
  while (parser->p < parser->end && *parser->p != '"')
    {
      char c = *parser->p++;

      if (c == '\\')
        {
          if (!parse_escape (parser, out))
            return NULL;
        }
      else if ((guchar) c < 0x20)
        {
          corrupt (parser, "control character in text");
          return NULL;
        }
      else
        g_string_append_c (out, c);
    }
  if (!expect (parser, '"'))
    return NULL;
  if (!g_utf8_validate_len (out->str, out->len, NULL))
    {
      corrupt (parser, "text that is not UTF-8");
      return NULL;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* A key that may stand in a message: one line. */
static char *
parse_key (Parser *parser)
{
  g_autofree char *key = parse_string (parser);

  if (key == NULL)
    return NULL;
  for (const char *c = key; *c != '\0'; c++)
    {
      if (g_ascii_iscntrl (*c))
        {
          corrupt (parser, "control character in a name");
          return NULL;
        }
    }
  return g_steal_pointer (&key);
}

static gboolean
parse_whole (Parser *parser, guint64 *value)
{
  const char *first;

  skip_space (parser);
  first = parser->p;
  *value = 0;
  while (parser->p < parser->end && g_ascii_isdigit (*parser->p))
    {
      guint64 digit = (guint64) (*parser->p - '0');

      if (*value > ((guint64) G_MAXINT64 - digit) / 10)
        return corrupt (parser, "number too large");
      *value = *value * 10 + digit;
      parser->p++;
    }
  if (parser->p == first || (*first == '0' && parser->p - first > 1))
    return corrupt (parser, "expected a whole number");
  return TRUE;
}

static gboolean
parse_dtype (Parser *parser, CwStoredTensor *tensor)
{
  g_autofree char *name = parse_key (parser);

  if (name == NULL)
    return FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS (dtypes); i++)
    {
      if (strcmp (name, dtypes[i].name) == 0)
        {
          tensor->stored = dtypes[i].stored;
          return TRUE;
        }
    }
  g_set_error (parser->error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
               "%s: tensor '%s' has type %.20s; F32, F64, F16, BF16, I64 and U8 are read",
               parser->path, tensor->name, name);
  return FALSE;
}

static gboolean
parse_shape (Parser *parser, CwStoredTensor *tensor)
{
  if (!expect (parser, '['))
    return FALSE;
  if (take (parser, ']'))
    return TRUE;
  do
    {
      guint64 value;

      if (!parse_whole (parser, &value))
        return FALSE;
      if (tensor->rank == (int) G_N_ELEMENTS (tensor->shape))
        return corrupt (parser, "more than 8 dimensions");
      tensor->shape[tensor->rank++] = (gint64) value;
    }
  while (take (parser, ','));
  return expect (parser, ']');
}

static gboolean
parse_offsets (Parser *parser, CwStoredTensor *tensor)
{
  return expect (parser, '[') && parse_whole (parser, &tensor->begin) && expect (parser, ',')
         && parse_whole (parser, &tensor->end) && expect (parser, ']');
}

static gboolean
check_size (Parser *parser, CwStoredTensor *tensor)
{
  guint64 bytes;
  guint size = 0;

  for (size_t i = 0; i < G_N_ELEMENTS (dtypes); i++)
    {
      if (dtypes[i].stored == tensor->stored)
        size = dtypes[i].size;
    }
  tensor->n = 1;
  for (int i = 0; i < tensor->rank; i++)
    {
      if (!g_uint64_checked_mul (&tensor->n, tensor->n, (guint64) tensor->shape[i]))
        return corrupt (parser, "a tensor larger than any memory");
    }
  if (!g_uint64_checked_mul (&bytes, tensor->n, size))
    return corrupt (parser, "a tensor larger than any memory");
  if (tensor->end < tensor->begin || tensor->end - tensor->begin != bytes)
    {
      g_set_error (parser->error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: broken safetensors header: tensor '%s' needs %" G_GUINT64_FORMAT
                   " bytes, its offsets are %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                   parser->path, tensor->name, bytes, tensor->begin, tensor->end);
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse_field (Parser *parser, CwStoredTensor *tensor, guint *seen)
{
  static const char *const names[] = { "dtype", "shape", "data_offsets" };
  gboolean (*const parse[]) (Parser *, CwStoredTensor *)
      = { parse_dtype, parse_shape, parse_offsets };
  g_autofree char *key = parse_key (parser);

  if (key == NULL || !expect (parser, ':'))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (strcmp (key, names[i]) == 0 && !(*seen & (1u << i)))
        {
          *seen |= 1u << i;
          return parse[i](parser, tensor);
        }
    }
  return corrupt (parser, "a tensor's key that is unknown or stands twice");
}

/* Takes @name. */
static gboolean
parse_tensor (Parser *parser, char *name)
{
  CwStoredTensor *tensor = g_new0 (CwStoredTensor, 1);
  guint seen = 0;

  tensor->name = name;
  if (g_hash_table_contains (parser->tensors, name))
    {
      g_set_error (parser->error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: broken safetensors header: tensor '%s' stands twice", parser->path, name);
      goto failed;
    }
  if (g_hash_table_size (parser->tensors) == CW_SAFETENSORS_MAX_TENSORS)
    {
      g_set_error (parser->error, CW_ERROR, CW_ERROR_TOO_LARGE, "%s: more than %d tensors",
                   parser->path, CW_SAFETENSORS_MAX_TENSORS);
      goto failed;
    }
  if (!expect (parser, '{'))
    goto failed;
  do
    {
      if (!parse_field (parser, tensor, &seen))
        goto failed;
    }
  while (take (parser, ','));
  if (!expect (parser, '}'))
    goto failed;
  if (seen != 7)
    {
      corrupt (parser, "a tensor without dtype, shape or data_offsets");
      goto failed;
    }
  if (!check_size (parser, tensor))
    goto failed;
  g_hash_table_insert (parser->tensors, tensor->name, tensor);
  return TRUE;

failed:
  _cw_stored_tensor_free (tensor);
  return FALSE;
}

static gboolean
parse_metadata (Parser *parser)
{
  if (!expect (parser, '{'))
    return FALSE;
  if (take (parser, '}'))
    return TRUE;
  do
    {
      g_autofree char *key = parse_key (parser);
      g_autofree char *value = NULL;

      if (key == NULL || !expect (parser, ':'))
        return FALSE;
      value = parse_string (parser);
      if (value == NULL)
        return FALSE;
      if (g_hash_table_contains (parser->metadata, key))
        return corrupt (parser, "metadata that stands twice");
      g_hash_table_insert (parser->metadata, g_steal_pointer (&key), g_steal_pointer (&value));
    }
  while (take (parser, ','));
  return expect (parser, '}');
}

gboolean
_cw_safetensors_parse_header (const char *path, const char *json, gsize size, GHashTable *metadata,
                              GHashTable *tensors, GError **error)
{
  Parser parser = { path, json, json, json + size, metadata, tensors, error };
  gboolean has_metadata = FALSE;

  /* The format wants the brace first, without space before it. */
  if (size == 0 || *json != '{')
    return corrupt (&parser, "expected '{'");
  parser.p++;
  if (!take (&parser, '}'))
    {
      do
        {
          char *name = parse_key (&parser);

          if (name == NULL || !expect (&parser, ':'))
            {
              g_free (name);
              return FALSE;
            }
          if (strcmp (name, "__metadata__") == 0)
            {
              g_free (name);
              if (has_metadata)
                return corrupt (&parser, "__metadata__ stands twice");
              has_metadata = TRUE;
              if (!parse_metadata (&parser))
                return FALSE;
            }
          else if (!parse_tensor (&parser, name))
            return FALSE;
        }
      while (take (&parser, ','));
      if (!expect (&parser, '}'))
        return FALSE;
    }
  while (parser.p < parser.end && *parser.p == ' ')
    parser.p++;
  return parser.p == parser.end || corrupt (&parser, "something after the end");
}
