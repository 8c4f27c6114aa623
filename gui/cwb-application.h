/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_APPLICATION (cwb_application_get_type ())
G_DECLARE_FINAL_TYPE (CwbApplication, cwb_application, CWB, APPLICATION, AdwApplication)

/* What the workbench opens when it is not told what to open. */
#define CWB_GENERATED_FACES "generated:faces?n=4000&seed=1&size=96"

/**
 * CwbApplication:
 *
 * The program: engine and translations are set up in ::startup, the window opens the folder given on
 * the command line, else the generated faces. Actions: app.quit, app.about, app.colour-scheme
 * ("follow", "light" or "dark").
 */
CwbApplication *cwb_application_new (GApplicationFlags flags);

G_END_DECLS
