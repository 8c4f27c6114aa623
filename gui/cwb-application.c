/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "cwb-application.h"

#include "cwb-window.h"
#include "util/cwb-settings.h"

#include <contrawarp.h>
#include <glib/gi18n.h>
#include <locale.h>

struct _CwbApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbApplication, cwb_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *accels[3];
} accels[] = {
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.open-folder", { "<Control>o" } },
  { "win.page::data", { "<Alt>1" } },
  { "win.page::explore", { "<Alt>2" } },
  { "win.page::train", { "<Alt>3" } },
  { "win.page::evaluate", { "<Alt>4" } },
  { "win.page::browse", { "<Alt>5" } },
  { "win.guide", { "F1" } },
  { "win.show-help-overlay", { "<Control>question" } },
};

/* (nullable): the one used last; sheets and paintings have windows that go with it. */
static GtkWindow *
find_window (GtkApplication *application)
{
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    {
      if (CWB_IS_WINDOW (l->data))
        return l->data;
    }
  return NULL;
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window;

  /* Windows may ask before they close; the program ends with the last of them. */
  while ((window = find_window (user_data)) != NULL)
    {
      gtk_window_close (window);
      if (find_window (user_data) == window)
        return;
    }
  g_application_quit (user_data);
}

static char *
list_operations (CwKind kind)
{
  g_autoptr (GPtrArray) list = cw_registry_list (kind);
  g_autoptr (GString) text = g_string_new (cw_kind_name (kind));

  for (guint i = 0; i < list->len; i++)
    {
      const CwDescriptor *descriptor = g_ptr_array_index (list, i);

      g_string_append_printf (text, "%s %s (%s)", i > 0 ? "," : ":", descriptor->id,
                              cw_registry_get_source (descriptor));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
make_debug_info (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "Contrawarp %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nthreads %d\n\n",
                          cw_version (), gtk_get_major_version (), gtk_get_minor_version (),
                          gtk_get_micro_version (), adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version (),
                          cw_parallel_get_threads ());
  for (int kind = 0; kind < CW_N_KINDS; kind++)
    {
      g_autofree char *line = list_operations ((CwKind) kind);

      g_string_append_printf (text, "%s\n", line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *debug_info = make_debug_info ();
  GtkWindow *parent = gtk_application_get_active_window (user_data);

  adw_show_about_window (parent,
                         "application-name", _ ("Contrawarp"),
                         "application-icon", CWB_APP_ID,
                         "version", cw_version (),
                         "developer-name", _ ("The Contrawarp developers"),
                         "comments", _ ("Learns facial expression without labels: views of one face "
                                        "attract, local warps of it repel."),
                         "license-type", GTK_LICENSE_MIT_X11,
                         "debug-info", debug_info,
                         "debug-info-filename", "contrawarp-debug-info.txt",
                         NULL);
}

static AdwColorScheme
parse_colour_scheme (const char *name)
{
  if (g_strcmp0 (name, "light") == 0)
    return ADW_COLOR_SCHEME_FORCE_LIGHT;
  if (g_strcmp0 (name, "dark") == 0)
    return ADW_COLOR_SCHEME_FORCE_DARK;
  return ADW_COLOR_SCHEME_DEFAULT;
}

static void
change_colour_scheme (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  const char *name = g_variant_get_string (value, NULL);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), parse_colour_scheme (name));
  g_simple_action_set_state (action, value);
  cwb_settings_set_string ("colour-scheme", name);
}

static void
add_actions (CwbApplication *self)
{
  const GActionEntry entries[] = {
    { .name = "quit", .activate = quit },
    { .name = "about", .activate = show_about },
    { .name = "colour-scheme", .parameter_type = "s", .state = "'follow'",
      .change_state = change_colour_scheme },
  };
  g_autofree char *scheme = cwb_settings_dup_string ("colour-scheme", "follow");

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_action_group_change_action_state (G_ACTION_GROUP (self), "colour-scheme",
                                      g_variant_new_string (scheme));
  for (size_t i = 0; i < G_N_ELEMENTS (accels); i++)
    {
      gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                             accels[i].accels);
    }
}

static void
cwb_application_startup (GApplication *application)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, CW_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  G_APPLICATION_CLASS (cwb_application_parent_class)->startup (application);

  g_set_application_name (_ ("Contrawarp"));
  gtk_window_set_default_icon_name (CWB_APP_ID);
  cw_init ();
  add_actions (CWB_APPLICATION (application));
}

static void
show_location (CwbApplication *self, const char *location)
{
  GtkWindow *window = find_window (GTK_APPLICATION (self));
  gboolean fresh = window == NULL;

  if (fresh)
    window = GTK_WINDOW (cwb_window_new (GTK_APPLICATION (self)));
  if (location != NULL)
    cwb_session_open_location (cwb_window_get_session (CWB_WINDOW (window)), location, NULL, NULL);
  else if (fresh)
    cwb_window_open_last (CWB_WINDOW (window));
  gtk_window_present (window);
}

static void
cwb_application_activate (GApplication *application)
{
  show_location (CWB_APPLICATION (application), NULL);
}

/* One window, one dataset: of several folders the first is opened. */
static void
cwb_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autofree char *location = g_file_get_path (files[0]);

  if (location == NULL)
    location = g_file_get_uri (files[0]);
  show_location (CWB_APPLICATION (application), location);
}

static void
cwb_application_class_init (CwbApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = cwb_application_startup;
  application_class->activate = cwb_application_activate;
  application_class->open = cwb_application_open;
}

static void
cwb_application_init (CwbApplication *self)
{
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FOLDER]"));
}

CwbApplication *
cwb_application_new (GApplicationFlags flags)
{
  return g_object_new (CWB_TYPE_APPLICATION,
                       "application-id", CWB_APP_ID,
                       "flags", flags,
                       "resource-base-path", "/org/contrawarp/Workbench",
                       NULL);
}
