-- Projects, and the states and tags that all of them share.

CREATE TABLE public.patchwork_project (
    id serial CONSTRAINT patchwork_project_pkey PRIMARY KEY,
    linkname varchar(255) NOT NULL CONSTRAINT patchwork_project_linkname_key UNIQUE,
    name varchar(255) NOT NULL CONSTRAINT patchwork_project_name_key UNIQUE,
    listid varchar(255) NOT NULL,
    listemail varchar(200) NOT NULL,
    subject_match varchar(64) NOT NULL,
    web_url varchar(2000) NOT NULL,
    scm_url varchar(2000) NOT NULL,
    webscm_url varchar(2000) NOT NULL,
    list_archive_url varchar(2000) NOT NULL,
    list_archive_url_format varchar(2000) NOT NULL,
    commit_url_format varchar(2000) NOT NULL,
    send_notifications boolean NOT NULL,
    use_tags boolean NOT NULL,
    show_dependencies boolean NOT NULL,
    CONSTRAINT patchwork_project_listid_subject_match_ab7737e7_uniq UNIQUE (listid, subject_match)
);
CREATE INDEX patchwork_project_linkname_1824e309_like
    ON public.patchwork_project (linkname varchar_pattern_ops);
CREATE INDEX patchwork_project_name_eea9416c_like
    ON public.patchwork_project (name varchar_pattern_ops);

CREATE TABLE public.patchwork_state (
    id serial CONSTRAINT patchwork_state_pkey PRIMARY KEY,
    name varchar(100) NOT NULL CONSTRAINT patchwork_state_name_key UNIQUE,
    slug varchar(100) NOT NULL CONSTRAINT patchwork_state_slug_key UNIQUE,
    ordering integer NOT NULL CONSTRAINT patchwork_state_ordering_key UNIQUE,
    action_required boolean NOT NULL
);
CREATE INDEX patchwork_state_name_ae39e254_like ON public.patchwork_state (name varchar_pattern_ops);
CREATE INDEX patchwork_state_slug_67d2fa1e_like ON public.patchwork_state (slug varchar_pattern_ops);

CREATE TABLE public.patchwork_tag (
    id serial CONSTRAINT patchwork_tag_pkey PRIMARY KEY,
    name varchar(20) NOT NULL,
    pattern varchar(50) NOT NULL,
    abbrev varchar(2) NOT NULL CONSTRAINT patchwork_tag_abbrev_key UNIQUE,
    show_column boolean NOT NULL
);
CREATE INDEX patchwork_tag_abbrev_1a2261bb_like ON public.patchwork_tag (abbrev varchar_pattern_ops);

CREATE TABLE public.patchwork_delegationrule (
    id serial CONSTRAINT patchwork_delegationrule_pkey PRIMARY KEY,
    path varchar(255) NOT NULL,
    priority integer NOT NULL,
    project_id integer NOT NULL
        CONSTRAINT patchwork_delegation_project_id_9972d199_fk_patchwork
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    user_id integer NOT NULL
        CONSTRAINT patchwork_delegationrule_user_id_6d2887eb_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_delegationrule_path_project_id_dc47f47b_uniq UNIQUE (path, project_id)
);
CREATE INDEX patchwork_delegationrule_project_id_9972d199
    ON public.patchwork_delegationrule (project_id);
CREATE INDEX patchwork_delegationrule_user_id_6d2887eb ON public.patchwork_delegationrule (user_id);
