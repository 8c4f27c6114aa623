/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-train-page.h"

struct _CwbTrainPage
{
  CwbPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbTrainPage, cwb_train_page, CWB_TYPE_PAGE)

static void
cwb_train_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CWB_TYPE_TRAIN_PAGE);
  G_OBJECT_CLASS (cwb_train_page_parent_class)->dispose (object);
}

static void
cwb_train_page_class_init (CwbTrainPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_train_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-train-page.ui");
}

static void
cwb_train_page_init (CwbTrainPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
