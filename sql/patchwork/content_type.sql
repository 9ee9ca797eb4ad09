-- Django's list of kinds of object. Permissions refer to it.

CREATE TABLE public.django_content_type (
    id serial CONSTRAINT django_content_type_pkey PRIMARY KEY,
    app_label varchar(100) NOT NULL,
    model varchar(100) NOT NULL,
    CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model)
);
