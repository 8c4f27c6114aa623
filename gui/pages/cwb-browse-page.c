/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-browse-page.h"

struct _CwbBrowsePage
{
  CwbPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbBrowsePage, cwb_browse_page, CWB_TYPE_PAGE)

static void
cwb_browse_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CWB_TYPE_BROWSE_PAGE);
  G_OBJECT_CLASS (cwb_browse_page_parent_class)->dispose (object);
}

static void
cwb_browse_page_class_init (CwbBrowsePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_browse_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-browse-page.ui");
}

static void
cwb_browse_page_init (CwbBrowsePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
