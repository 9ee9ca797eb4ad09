-- Bundles: lists of patches that a user made.

CREATE TABLE public.patchwork_bundle (
    id serial CONSTRAINT patchwork_bundle_pkey PRIMARY KEY,
    name varchar(50) NOT NULL,
    public boolean NOT NULL,
    owner_id integer NOT NULL
        CONSTRAINT patchwork_bundle_owner_id_50e0dc92_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    project_id integer NOT NULL
        CONSTRAINT patchwork_bundle_project_id_e6033e8b_fk_patchwork_project_id
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_bundle_owner_id_name_8bb7fe7e_uniq UNIQUE (owner_id, name)
);
CREATE INDEX patchwork_bundle_owner_id_50e0dc92 ON public.patchwork_bundle (owner_id);
CREATE INDEX patchwork_bundle_project_id_e6033e8b ON public.patchwork_bundle (project_id);

CREATE TABLE public.patchwork_bundlepatch (
    id serial CONSTRAINT patchwork_bundlepatch_pkey PRIMARY KEY,
    "order" integer NOT NULL,
    bundle_id integer NOT NULL
        CONSTRAINT patchwork_bundlepatch_bundle_id_387ecba8_fk_patchwork_bundle_id
        REFERENCES public.patchwork_bundle DEFERRABLE INITIALLY DEFERRED,
    patch_id integer NOT NULL
        CONSTRAINT patchwork_bundlepatch_patch_id_c75a880f_fk_patchwork_patch_id
        REFERENCES public.patchwork_patch DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT patchwork_bundlepatch_bundle_id_patch_id_d8304561_uniq UNIQUE (bundle_id, patch_id)
);
CREATE INDEX patchwork_bundlepatch_bundle_id_387ecba8 ON public.patchwork_bundlepatch (bundle_id);
CREATE INDEX patchwork_bundlepatch_patch_id_c75a880f ON public.patchwork_bundlepatch (patch_id);
