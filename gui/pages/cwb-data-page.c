/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-data-page.h"

struct _CwbDataPage
{
  CwbPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbDataPage, cwb_data_page, CWB_TYPE_PAGE)

static void
cwb_data_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CWB_TYPE_DATA_PAGE);
  G_OBJECT_CLASS (cwb_data_page_parent_class)->dispose (object);
}

static void
cwb_data_page_class_init (CwbDataPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_data_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-data-page.ui");
}

static void
cwb_data_page_init (CwbDataPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
