/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-param-field.h"

/* A slider as wide as a side bar tells about so many whole numbers apart. */
#define MOST_OF_SLIDER 200

typedef struct
{
  GtkWidget *row;    /* lent: of cwb-param-row */
  GtkWidget *remark; /* (nullable), lent: of a slider; a row has its own place for it */
} Field;

static Field *
get_field (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "cwb-param-field");
}

static gboolean
suits_slider (const CwParamSpec *spec)
{
  return spec->type == CW_PARAM_FLOAT
         || (spec->type == CW_PARAM_INT && spec->max - spec->min <= MOST_OF_SLIDER);
}

static GtkWidget *
make_remark (GtkWidget *control)
{
  GtkWidget *remark = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (remark), 0);
  gtk_label_set_wrap (GTK_LABEL (remark), TRUE);
  gtk_widget_add_css_class (remark, "caption");
  gtk_widget_add_css_class (remark, "warning");
  gtk_widget_set_visible (remark, FALSE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  remark, NULL, -1);
  return remark;
}

static GtkWidget *
make_slider_field (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                   gpointer user_data, Field *field)
{
  GtkWidget *widget = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  field->row = cwb_param_slider_new (spec, block, changed, user_data);
  field->remark = make_remark (cwb_param_row_get_control (field->row));
  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_box_append (GTK_BOX (box), field->row);
  gtk_box_append (GTK_BOX (box), field->remark);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), FALSE);
  gtk_widget_set_focusable (widget, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (widget), box);
  return widget;
}

GtkWidget *
cwb_param_field_new (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                     gpointer user_data)
{
  Field *field = g_new0 (Field, 1);
  GtkWidget *widget;

  if (suits_slider (spec))
    widget = make_slider_field (spec, block, changed, user_data, field);
  else
    widget = field->row = cwb_param_row_new (spec, block, changed, user_data);
  g_object_set_data_full (G_OBJECT (widget), "cwb-param-field", field, g_free);
  return widget;
}

void
cwb_param_field_update (GtkWidget *widget)
{
  cwb_param_row_update (get_field (widget)->row);
}

void
cwb_param_field_set_remark (GtkWidget *widget, const char *remark)
{
  const Field *field = get_field (widget);

  if (field->remark == NULL)
    {
      cwb_param_row_set_remark (field->row, remark);
      return;
    }
  gtk_label_set_text (GTK_LABEL (field->remark), remark != NULL ? remark : "");
  gtk_widget_set_visible (field->remark, remark != NULL);
}

GtkWidget *
cwb_param_field_get_control (GtkWidget *widget)
{
  return cwb_param_row_get_control (get_field (widget)->row);
}
