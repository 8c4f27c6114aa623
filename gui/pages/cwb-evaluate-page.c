/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-evaluate-page.h"

struct _CwbEvaluatePage
{
  CwbPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbEvaluatePage, cwb_evaluate_page, CWB_TYPE_PAGE)

static void
cwb_evaluate_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CWB_TYPE_EVALUATE_PAGE);
  G_OBJECT_CLASS (cwb_evaluate_page_parent_class)->dispose (object);
}

static void
cwb_evaluate_page_class_init (CwbEvaluatePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_evaluate_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-evaluate-page.ui");
}

static void
cwb_evaluate_page_init (CwbEvaluatePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
