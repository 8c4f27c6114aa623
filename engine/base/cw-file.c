/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-file.h"

#include "base/cw-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct _CwFileWriter
{
  char *path;
  char *temporary;
  int fd;
};

static _Thread_local gint64 bytes_left = -1;

void
cw_file_fail_after (gint64 bytes)
{
  bytes_left = bytes;
}

static gboolean
fail (GError **error, const char *what, const char *path, int code)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "cannot %s %s: %s", what, path,
               g_strerror (code));
  return FALSE;
}

CwFileWriter *
cw_file_writer_new (const char *path, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666);
  CwFileWriter *writer;

  if (fd < 0)
    {
      fail (error, "write", path, errno);
      return NULL;
    }
  writer = g_new0 (CwFileWriter, 1);
  writer->path = g_strdup (path);
  writer->temporary = g_steal_pointer (&temporary);
  writer->fd = fd;
  return writer;
}

/* FALSE where a test wants the disk to be full by now. */
static gboolean
spend (const CwFileWriter *writer, size_t size, GError **error)
{
  if (bytes_left < 0)
    return TRUE;
  if ((guint64) bytes_left < size)
    return fail (error, "write", writer->path, ENOSPC);
  bytes_left -= (gint64) size;
  return TRUE;
}

gboolean
cw_file_writer_write (CwFileWriter *writer, gconstpointer data, size_t size, GError **error)
{
  const char *p = data;

  if (!spend (writer, size, error))
    return FALSE;
  while (size > 0)
    {
      ssize_t n = write (writer->fd, p, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "write", writer->path, errno);
      p += n;
      size -= (size_t) n;
    }
  return TRUE;
}

gboolean
cw_file_writer_write_at (CwFileWriter *writer, gint64 offset, gconstpointer data, size_t size,
                         GError **error)
{
  const char *p = data;

  if (!spend (writer, size, error))
    return FALSE;
  while (size > 0)
    {
      ssize_t n = pwrite (writer->fd, p, size, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "write", writer->path, errno);
      p += n;
      offset += n;
      size -= (size_t) n;
    }
  return TRUE;
}

gboolean
cw_file_writer_sync (CwFileWriter *writer, GError **error)
{
  if (bytes_left == 0)
    return fail (error, "write", writer->path, ENOSPC);
  if (fsync (writer->fd) != 0)
    return fail (error, "write", writer->path, errno);
  return TRUE;
}

gboolean
cw_file_writer_commit (CwFileWriter *writer, GError **error)
{
  g_autofree char *folder = NULL;
  int fd;

  if (!cw_file_writer_sync (writer, error))
    goto failed;
  fd = writer->fd;
  writer->fd = -1;
  if (close (fd) != 0 || g_rename (writer->temporary, writer->path) != 0)
    {
      fail (error, "write", writer->path, errno);
      goto failed;
    }
  /* The rename itself is on disk only once the folder is. */
  folder = g_path_get_dirname (writer->path);
  fd = g_open (folder, O_RDONLY | O_CLOEXEC, 0);
  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
  g_free (writer->path);
  g_free (writer->temporary);
  g_free (writer);
  return TRUE;

failed:
  cw_file_writer_abandon (writer);
  return FALSE;
}

void
cw_file_writer_abandon (CwFileWriter *writer)
{
  if (writer == NULL)
    return;
  if (writer->fd >= 0)
    close (writer->fd);
  g_unlink (writer->temporary);
  g_free (writer->path);
  g_free (writer->temporary);
  g_free (writer);
}

gboolean
cw_file_save (const char *path, gconstpointer data, size_t size, GError **error)
{
  g_autoptr (CwFileWriter) writer = cw_file_writer_new (path, error);

  if (writer == NULL || !cw_file_writer_write (writer, data, size, error))
    return FALSE;
  return cw_file_writer_commit (g_steal_pointer (&writer), error);
}

int
cw_file_open (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    fail (error, "read", path, errno);
  return fd;
}

gboolean
cw_file_read_at (int fd, const char *path, guint64 offset, gpointer out, size_t size, GError **error)
{
  char *next = out;

  while (size > 0)
    {
      ssize_t n = pread (fd, next, size, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "read", path, errno);
      if (n == 0)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                       "%s: the file became shorter since it was opened; open the data again", path);
          return FALSE;
        }
      next += n;
      offset += (guint64) n;
      size -= (size_t) n;
    }
  return TRUE;
}
