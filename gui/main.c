/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "cwb-application.h"

#include <contrawarp.h>

int
main (int argc, char *argv[])
{
  g_autoptr (CwbApplication) application = NULL;

  cw_background_enable ();
  application = cwb_application_new (G_APPLICATION_HANDLES_OPEN);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
