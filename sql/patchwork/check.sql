-- Results of tests that others ran on a patch.

CREATE TABLE public.patchwork_check (
    id serial CONSTRAINT patchwork_check_pkey PRIMARY KEY,
    date timestamptz NOT NULL,
    state smallint NOT NULL,
    target_url varchar(200),
    description text,
    context varchar(255) NOT NULL,
    user_id integer NOT NULL
        CONSTRAINT patchwork_check_user_id_95932343_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    patch_id integer NOT NULL
        CONSTRAINT patchwork_check_patch_id_e517f972_fk_patchwork_patch_id
        REFERENCES public.patchwork_patch DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX patchwork_check_context_b15aabef ON public.patchwork_check (context);
CREATE INDEX patchwork_check_context_b15aabef_like
    ON public.patchwork_check (context varchar_pattern_ops);
CREATE INDEX patchwork_check_patch_id_e517f972 ON public.patchwork_check (patch_id);
CREATE INDEX patchwork_check_user_id_95932343 ON public.patchwork_check (user_id);
