-- Cover letters and the replies to them.

CREATE TABLE public.patchwork_cover (
    id serial CONSTRAINT patchwork_cover_pkey PRIMARY KEY,
    msgid varchar(255) NOT NULL,
    date timestamptz NOT NULL,
    headers text NOT NULL,
    content text,
    name varchar(255) NOT NULL,
    project_id integer NOT NULL
        CONSTRAINT patchwork_cover_project_id_6143d2a9_fk_patchwork_project_id
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    submitter_id integer NOT NULL
        CONSTRAINT patchwork_cover_submitter_id_5903b7d7_fk_patchwork_person_id
        REFERENCES public.patchwork_person DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_cover_msgid_project_id_5ec5df5b_uniq UNIQUE (msgid, project_id)
);
CREATE INDEX cover_covering_idx ON public.patchwork_cover (date, project_id, submitter_id, name);
CREATE INDEX patchwork_cover_project_id_6143d2a9 ON public.patchwork_cover (project_id);
CREATE INDEX patchwork_cover_submitter_id_5903b7d7 ON public.patchwork_cover (submitter_id);

CREATE TABLE public.patchwork_covercomment (
    id serial CONSTRAINT patchwork_covercomment_pkey PRIMARY KEY,
    msgid varchar(255) NOT NULL,
    date timestamptz NOT NULL,
    headers text NOT NULL,
    content text,
    cover_id integer NOT NULL
        CONSTRAINT patchwork_covercomment_cover_id_c9e63a6a_fk_patchwork_cover_id
        REFERENCES public.patchwork_cover DEFERRABLE INITIALLY DEFERRED,
    submitter_id integer NOT NULL
        CONSTRAINT patchwork_covercomme_submitter_id_7464af32_fk_patchwork
        REFERENCES public.patchwork_person DEFERRABLE INITIALLY DEFERRED,
    addressed boolean,
    CONSTRAINT patchwork_covercomment_msgid_cover_id_41e006f5_uniq UNIQUE (msgid, cover_id)
);
CREATE INDEX cover_date_idx ON public.patchwork_covercomment (cover_id, date);
CREATE INDEX patchwork_covercomment_cover_id_c9e63a6a ON public.patchwork_covercomment (cover_id);
CREATE INDEX patchwork_covercomment_submitter_id_7464af32
    ON public.patchwork_covercomment (submitter_id);
