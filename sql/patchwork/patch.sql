-- Patches, the replies to them, their tags and relations.
-- Two sequences and some constraints have the names of tables that Patchwork renamed.

CREATE TABLE public.patchwork_patchrelation (
    id serial CONSTRAINT patchwork_patchrelation_pkey PRIMARY KEY
);

CREATE SEQUENCE public.patchwork_submission_id_seq AS integer;
CREATE TABLE public.patchwork_patch (
    id integer DEFAULT nextval('public.patchwork_submission_id_seq')
        CONSTRAINT patchwork_submission_pkey PRIMARY KEY,
    msgid varchar(255) NOT NULL,
    date timestamptz NOT NULL,
    headers text NOT NULL,
    content text,
    name varchar(255) NOT NULL,
    project_id integer NOT NULL
        CONSTRAINT patchwork_submission_project_id_c8588066_fk_patchwork
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    submitter_id integer NOT NULL
        CONSTRAINT patchwork_submission_submitter_id_5392485e_fk_patchwork
        REFERENCES public.patchwork_person DEFERRABLE INITIALLY DEFERRED,
    archived boolean NOT NULL,
    commit_ref varchar(255),
    delegate_id integer
        CONSTRAINT patchwork_submission_delegate_id_4b8639b8_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    diff text,
    hash char(40),
    number smallint CONSTRAINT patchwork_submission_number_check CHECK (number >= 0),
    pull_url varchar(255),
    related_id integer
        CONSTRAINT patchwork_submission_related_id_2e3e66e8_fk_patchwork
        REFERENCES public.patchwork_patchrelation DEFERRABLE INITIALLY DEFERRED,
    series_id integer
        CONSTRAINT patchwork_submission_series_id_61c13d16_fk_patchwork_series_id
        REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
    state_id integer
        CONSTRAINT patchwork_submission_state_id_947655b7_fk_patchwork_state_id
        REFERENCES public.patchwork_state DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_submission_msgid_project_id_54545915_uniq UNIQUE (msgid, project_id),
    CONSTRAINT patchwork_submission_series_id_number_87e448b7_uniq UNIQUE (series_id, number)
);
ALTER SEQUENCE public.patchwork_submission_id_seq OWNED BY public.patchwork_patch.id;
CREATE INDEX patch_covering_idx
    ON public.patchwork_patch (archived, state_id, delegate_id, date, project_id, submitter_id, name);
CREATE INDEX patchwork_patch_delegate_id_8f7ce805 ON public.patchwork_patch (delegate_id);
CREATE INDEX patchwork_patch_hash_63faf527 ON public.patchwork_patch (hash);
CREATE INDEX patchwork_patch_related_id_9cbd6508 ON public.patchwork_patch (related_id);
CREATE INDEX patchwork_patch_series_id_1a73f59a ON public.patchwork_patch (series_id);
CREATE INDEX patchwork_patch_state_id_3d9fb500 ON public.patchwork_patch (state_id);
CREATE INDEX patchwork_submission_project_id_c8588066 ON public.patchwork_patch (project_id);
CREATE INDEX patchwork_submission_submitter_id_5392485e ON public.patchwork_patch (submitter_id);

CREATE SEQUENCE public.patchwork_comment_id_seq AS integer;
CREATE TABLE public.patchwork_patchcomment (
    id integer DEFAULT nextval('public.patchwork_comment_id_seq')
        CONSTRAINT patchwork_comment_pkey PRIMARY KEY,
    msgid varchar(255) NOT NULL,
    date timestamptz NOT NULL,
    headers text NOT NULL,
    content text,
    patch_id integer NOT NULL
        CONSTRAINT patchwork_patchcomment_patch_id_53736bdc_fk_patchwork_patch_id
        REFERENCES public.patchwork_patch DEFERRABLE INITIALLY DEFERRED,
    submitter_id integer NOT NULL
        CONSTRAINT patchwork_comment_submitter_id_8cc363f6_fk_patchwork_person_id
        REFERENCES public.patchwork_person DEFERRABLE INITIALLY DEFERRED,
    addressed boolean,
    CONSTRAINT patchwork_comment_msgid_submission_id_82fafe62_uniq UNIQUE (msgid, patch_id)
);
ALTER SEQUENCE public.patchwork_comment_id_seq OWNED BY public.patchwork_patchcomment.id;
CREATE INDEX patch_date_idx ON public.patchwork_patchcomment (patch_id, date);
CREATE INDEX patchwork_comment_submission_id_69e4e741 ON public.patchwork_patchcomment (patch_id);
CREATE INDEX patchwork_comment_submitter_id_8cc363f6 ON public.patchwork_patchcomment (submitter_id);

CREATE TABLE public.patchwork_patchtag (
    id serial CONSTRAINT patchwork_patchtag_pkey PRIMARY KEY,
    count integer NOT NULL,
    tag_id integer NOT NULL
        CONSTRAINT patchwork_patchtag_tag_id_c032f51c_fk_patchwork_tag_id
        REFERENCES public.patchwork_tag DEFERRABLE INITIALLY DEFERRED,
    patch_id integer NOT NULL
        CONSTRAINT patchwork_patchtag_patch_id_5fad6ac3_fk_patchwork_patch_id
        REFERENCES public.patchwork_patch DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_patchtag_patch_id_tag_id_5ddba498_uniq UNIQUE (patch_id, tag_id)
);
CREATE INDEX patchwork_patchtag_patch_id_5fad6ac3 ON public.patchwork_patchtag (patch_id);
CREATE INDEX patchwork_patchtag_tag_id_c032f51c ON public.patchwork_patchtag (tag_id);

CREATE TABLE public.patchwork_patchchangenotification (
    patch_id integer CONSTRAINT patchwork_patchchangenotification_pkey PRIMARY KEY
        CONSTRAINT patchwork_patchchang_patch_id_8e2f2f8e_fk_patchwork
        REFERENCES public.patchwork_patch DEFERRABLE INITIALLY DEFERRED,
    last_modified timestamptz NOT NULL,
    orig_state_id integer NOT NULL
        CONSTRAINT patchwork_patchchang_orig_state_id_23b89f55_fk_patchwork
        REFERENCES public.patchwork_state DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX patchwork_patchchangenotification_orig_state_id_23b89f55
    ON public.patchwork_patchchangenotification (orig_state_id);
