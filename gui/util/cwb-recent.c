/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-recent.h"

#include "util/cwb-dataset-text.h"
#include "util/cwb-menu.h"
#include "util/cwb-settings.h"

#define KEY "recent-data"
#define TYPE "a(ssss)"

void
cwb_recent_free (CwbRecent *recent)
{
  g_free (recent->title);
  g_free (recent->location);
  g_free (recent->reader);
  g_free (recent->options);
  g_free (recent);
}

GPtrArray *
cwb_recent_list (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) cwb_recent_free);
  g_autoptr (GVariant) value = cwb_settings_dup_value (KEY);
  const char *title, *location, *reader, *options;
  GVariantIter iter;

  if (value == NULL)
    return list;
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s&s&s)", &title, &location, &reader, &options))
    {
      CwbRecent *recent = g_new (CwbRecent, 1);

      *recent = (CwbRecent) { g_strdup (title), g_strdup (location), g_strdup (reader),
                              g_strdup (options) };
      g_ptr_array_add (list, recent);
    }
  return list;
}

void
cwb_recent_add (CwDataset *dataset, const CwDataParams *data)
{
  g_autoptr (GPtrArray) list = cwb_recent_list ();
  g_autofree char *title = cwb_dataset_dup_title (dataset);
  GVariantBuilder builder;
  guint n = 1;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE));
  g_variant_builder_add (&builder, "(ssss)", title, data->location, data->reader, data->options);
  for (guint i = 0; i < list->len && n < CWB_RECENT_MOST; i++)
    {
      const CwbRecent *recent = list->pdata[i];

      if (g_str_equal (recent->location, data->location))
        continue;
      g_variant_builder_add (&builder, "(ssss)", recent->title, recent->location, recent->reader,
                             recent->options);
      n++;
    }
  cwb_settings_set_value (KEY, g_variant_builder_end (&builder));
}

/* Two of one title are told apart by where they are. */
static gboolean
is_unique (const GPtrArray *list, const char *title)
{
  guint n = 0;

  for (guint i = 0; i < list->len; i++)
    n += g_str_equal (((const CwbRecent *) list->pdata[i])->title, title);
  return n == 1;
}

void
cwb_recent_fill_menu (GMenu *menu, const char *action)
{
  g_autoptr (GPtrArray) list = cwb_recent_list ();

  g_menu_remove_all (menu);
  for (guint i = 0; i < list->len; i++)
    {
      const CwbRecent *recent = list->pdata[i];
      const char *label = is_unique (list, recent->title) ? recent->title : recent->location;
      g_autofree char *escaped = cwb_menu_dup_label (label);
      g_autoptr (GMenuItem) item = g_menu_item_new (escaped, NULL);

      g_menu_item_set_action_and_target (item, action, "(sss)", recent->location, recent->reader,
                                         recent->options);
      g_menu_append_item (menu, item);
    }
}
