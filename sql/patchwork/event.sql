-- Events: what happened to which object, and when.

CREATE TABLE public.patchwork_event (
    id serial CONSTRAINT patchwork_event_pkey PRIMARY KEY,
    category varchar(25) NOT NULL,
    date timestamptz NOT NULL,
    actor_id integer
        CONSTRAINT patchwork_event_actor_id_441d6c4c_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    created_check_id integer
        CONSTRAINT patchwork_event_created_check_id_a1b2fdfe_fk_patchwork_check_id
        REFERENCES public.patchwork_check DEFERRABLE INITIALLY DEFERRED,
    current_delegate_id integer
        CONSTRAINT patchwork_event_current_delegate_id_299ee6a2_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    current_relation_id integer
        CONSTRAINT patchwork_event_current_relation_id_24589e0e_fk_patchwork
        REFERENCES public.patchwork_patchrelation DEFERRABLE INITIALLY DEFERRED,
    current_state_id integer
        CONSTRAINT patchwork_event_current_state_id_b7470442_fk_patchwork_state_id
        REFERENCES public.patchwork_state DEFERRABLE INITIALLY DEFERRED,
    previous_delegate_id integer
        CONSTRAINT patchwork_event_previous_delegate_id_35c46cd9_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    previous_relation_id integer
        CONSTRAINT patchwork_event_previous_relation_id_99308f2a_fk_patchwork
        REFERENCES public.patchwork_patchrelation DEFERRABLE INITIALLY DEFERRED,
    previous_state_id integer
        CONSTRAINT patchwork_event_previous_state_id_b68d9fe3_fk_patchwork
        REFERENCES public.patchwork_state DEFERRABLE INITIALLY DEFERRED,
    project_id integer NOT NULL
        CONSTRAINT patchwork_event_project_id_fda4f70d_fk_patchwork_project_id
        REFERENCES public.patchwork_project DEFERRABLE INITIALLY DEFERRED,
    series_id integer
        CONSTRAINT patchwork_event_series_id_cfaff1bf_fk_patchwork_series_id
        REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
    cover_id integer
        CONSTRAINT patchwork_event_cover_id_70e5e19e_fk_patchwork_cover_id
        REFERENCES public.patchwork_cover DEFERRABLE INITIALLY DEFERRED,
    patch_id integer
        CONSTRAINT patchwork_event_patch_id_15d4004e_fk_patchwork_submission_id
        REFERENCES public.patchwork_patch DEFERRABLE INITIALLY DEFERRED,
    cover_comment_id integer
        CONSTRAINT patchwork_event_cover_comment_id_861b3ec2_fk_patchwork
        REFERENCES public.patchwork_covercomment DEFERRABLE INITIALLY DEFERRED,
    patch_comment_id integer
        CONSTRAINT patchwork_event_patch_comment_id_4123011e_fk_patchwork
        REFERENCES public.patchwork_patchcomment DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX patchwork_event_actor_id_441d6c4c ON public.patchwork_event (actor_id);
CREATE INDEX patchwork_event_category_28fbc859 ON public.patchwork_event (category);
CREATE INDEX patchwork_event_category_28fbc859_like
    ON public.patchwork_event (category varchar_pattern_ops);
CREATE INDEX patchwork_event_cover_comment_id_861b3ec2 ON public.patchwork_event (cover_comment_id);
CREATE INDEX patchwork_event_cover_id_70e5e19e ON public.patchwork_event (cover_id);
CREATE INDEX patchwork_event_created_check_id_a1b2fdfe ON public.patchwork_event (created_check_id);
CREATE INDEX patchwork_event_current_delegate_id_299ee6a2
    ON public.patchwork_event (current_delegate_id);
CREATE INDEX patchwork_event_current_relation_id_24589e0e
    ON public.patchwork_event (current_relation_id);
CREATE INDEX patchwork_event_current_state_id_b7470442 ON public.patchwork_event (current_state_id);
CREATE INDEX patchwork_event_patch_comment_id_4123011e ON public.patchwork_event (patch_comment_id);
CREATE INDEX patchwork_event_patch_id_15d4004e ON public.patchwork_event (patch_id);
CREATE INDEX patchwork_event_previous_delegate_id_35c46cd9
    ON public.patchwork_event (previous_delegate_id);
CREATE INDEX patchwork_event_previous_relation_id_99308f2a
    ON public.patchwork_event (previous_relation_id);
CREATE INDEX patchwork_event_previous_state_id_b68d9fe3
    ON public.patchwork_event (previous_state_id);
CREATE INDEX patchwork_event_project_id_fda4f70d ON public.patchwork_event (project_id);
CREATE INDEX patchwork_event_series_id_cfaff1bf ON public.patchwork_event (series_id);
