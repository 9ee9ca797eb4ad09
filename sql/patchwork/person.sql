-- People who send mail, what users of the web pages set for themselves, and their addresses.

CREATE TABLE public.patchwork_person (
    id serial CONSTRAINT patchwork_person_pkey PRIMARY KEY,
    email varchar(255) NOT NULL CONSTRAINT patchwork_person_email_key UNIQUE,
    name varchar(255),
    user_id integer
        CONSTRAINT patchwork_person_user_id_64afdc84_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX patchwork_person_email_86168e32_like
    ON public.patchwork_person (email varchar_pattern_ops);
CREATE INDEX patchwork_person_user_id_64afdc84 ON public.patchwork_person (user_id);

CREATE TABLE public.patchwork_userprofile (
    id serial CONSTRAINT patchwork_userprofile_pkey PRIMARY KEY,
    send_email boolean NOT NULL,
    items_per_page integer NOT NULL
        CONSTRAINT patchwork_userprofile_items_per_page_check CHECK (items_per_page >= 0),
    show_ids boolean NOT NULL,
    user_id integer NOT NULL CONSTRAINT patchwork_userprofile_user_id_key UNIQUE
        CONSTRAINT patchwork_userprofile_user_id_b7122715_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE public.patchwork_userprofile_maintainer_projects (
    id serial CONSTRAINT patchwork_userprofile_maintainer_projects_pkey PRIMARY KEY,
    userprofile_id integer NOT NULL
        CONSTRAINT patchwork_userprofil_userprofile_id_faed50d7_fk_patchwork
        REFERENCES public.patchwork_userprofile DEFERRABLE INITIALLY DEFERRED,
    project_id integer NOT NULL
        CONSTRAINT patchwork_userprofil_project_id_8dd8b7fa_fk_patchwork
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_userprofile_ma_userprofile_id_project_i_4fdb8d78_uniq UNIQUE (userprofile_id, project_id)
);
CREATE INDEX patchwork_userprofile_main_userprofile_id_faed50d7
    ON public.patchwork_userprofile_maintainer_projects (userprofile_id);
CREATE INDEX patchwork_userprofile_maintainer_projects_project_id_8dd8b7fa
    ON public.patchwork_userprofile_maintainer_projects (project_id);

CREATE TABLE public.patchwork_emailconfirmation (
    id serial CONSTRAINT patchwork_emailconfirmation_pkey PRIMARY KEY,
    type varchar(20) NOT NULL,
    email varchar(200) NOT NULL,
    key char(40) NOT NULL,
    date timestamptz NOT NULL,
    active boolean NOT NULL,
    user_id integer
        CONSTRAINT patchwork_emailconfirmation_user_id_3038a498_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX patchwork_emailconfirmation_user_id_3038a498
    ON public.patchwork_emailconfirmation (user_id);

CREATE TABLE public.patchwork_emailoptout (
    email varchar(200) CONSTRAINT patchwork_emailoptout_pkey PRIMARY KEY
);
CREATE INDEX patchwork_emailoptout_email_8eeeb92b_like
    ON public.patchwork_emailoptout (email varchar_pattern_ops);
