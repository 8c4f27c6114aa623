/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

/* Starts @run and blocks until it has ended, showing progress on a terminal; an interrupt stops it
 * with a checkpoint. FALSE with the run's error when it could not start or failed, or
 * %G_IO_ERROR_CANCELLED when it was interrupted. */
gboolean cw_cli_run_to_end (CwRun *run, GError **error);
