/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-explore-page.h"

struct _CwbExplorePage
{
  CwbPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CwbExplorePage, cwb_explore_page, CWB_TYPE_PAGE)

static void
cwb_explore_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CWB_TYPE_EXPLORE_PAGE);
  G_OBJECT_CLASS (cwb_explore_page_parent_class)->dispose (object);
}

static void
cwb_explore_page_class_init (CwbExplorePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_explore_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-explore-page.ui");
}

static void
cwb_explore_page_init (CwbExplorePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
