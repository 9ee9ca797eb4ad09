-- Series, the Message-IDs by which they are known, and what they depend on.

CREATE TABLE public.patchwork_series (
    id serial CONSTRAINT patchwork_series_pkey PRIMARY KEY,
    name varchar(255),
    date timestamptz NOT NULL,
    version integer NOT NULL,
    total integer NOT NULL,
    project_id integer
        CONSTRAINT patchwork_series_project_id_e98b8d18_fk_patchwork_project_id
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    submitter_id integer NOT NULL
        CONSTRAINT patchwork_series_submitter_id_2531ed68_fk_patchwork_person_id
        REFERENCES public.patchwork_person DEFERRABLE INITIALLY DEFERRED,
    cover_letter_id integer CONSTRAINT patchwork_series_cover_letter_id_key UNIQUE
        CONSTRAINT patchwork_series_cover_letter_id_5d2ace1d_fk_patchwork_cover_id
        REFERENCES public.patchwork_cover DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX patchwork_series_project_id_e98b8d18 ON public.patchwork_series (project_id);
CREATE INDEX patchwork_series_submitter_id_2531ed68 ON public.patchwork_series (submitter_id);

CREATE TABLE public.patchwork_seriesreference (
    id serial CONSTRAINT patchwork_seriesreference_pkey PRIMARY KEY,
    msgid varchar(255) NOT NULL,
    project_id integer NOT NULL
        CONSTRAINT patchwork_seriesrefe_project_id_6a017a21_fk_patchwork
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    series_id integer NOT NULL
        CONSTRAINT patchwork_seriesrefe_series_id_3e1f12a3_fk_patchwork
        REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_seriesreference_project_id_msgid_1839e786_uniq UNIQUE (project_id, msgid)
);
CREATE INDEX patchwork_seriesreference_project_id_6a017a21
    ON public.patchwork_seriesreference (project_id);
CREATE INDEX patchwork_seriesreference_series_id_3e1f12a3
    ON public.patchwork_seriesreference (series_id);

CREATE TABLE public.patchwork_series_dependencies (
    id serial CONSTRAINT patchwork_series_dependencies_pkey PRIMARY KEY,
    from_series_id integer NOT NULL
        CONSTRAINT patchwork_series_dep_from_series_id_05621e2c_fk_patchwork
        REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
    to_series_id integer NOT NULL
        CONSTRAINT patchwork_series_dep_to_series_id_aa9dc834_fk_patchwork
        REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_series_depende_from_series_id_to_series_32f472cd_uniq UNIQUE (from_series_id, to_series_id)
);
CREATE INDEX patchwork_series_dependencies_from_series_id_05621e2c
    ON public.patchwork_series_dependencies (from_series_id);
CREATE INDEX patchwork_series_dependencies_to_series_id_aa9dc834
    ON public.patchwork_series_dependencies (to_series_id);
