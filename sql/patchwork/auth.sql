-- Django's users, groups and permissions, and the tokens of the REST API.

CREATE TABLE public.auth_permission (
    id serial CONSTRAINT auth_permission_pkey PRIMARY KEY,
    name varchar(255) NOT NULL,
    content_type_id integer NOT NULL
        CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co
        REFERENCES public.django_content_type DEFERRABLE INITIALLY DEFERRED,
    codename varchar(100) NOT NULL,
    CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename)
);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission (content_type_id);

CREATE TABLE public.auth_group (
    id serial CONSTRAINT auth_group_pkey PRIMARY KEY,
    name varchar(150) NOT NULL CONSTRAINT auth_group_name_key UNIQUE
);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group (name varchar_pattern_ops);

CREATE TABLE public.auth_group_permissions (
    id serial CONSTRAINT auth_group_permissions_pkey PRIMARY KEY,
    group_id integer NOT NULL
        CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id
        REFERENCES public.auth_group DEFERRABLE INITIALLY DEFERRED,
    permission_id integer NOT NULL
        CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm
        REFERENCES public.auth_permission DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id)
);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e
    ON public.auth_group_permissions (permission_id);

CREATE TABLE public.auth_user (
    id serial CONSTRAINT auth_user_pkey PRIMARY KEY,
    password varchar(128) NOT NULL,
    last_login timestamptz,
    is_superuser boolean NOT NULL,
    username varchar(150) NOT NULL CONSTRAINT auth_user_username_key UNIQUE,
    first_name varchar(150) NOT NULL,
    last_name varchar(150) NOT NULL,
    email varchar(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamptz NOT NULL
);
CREATE INDEX auth_user_username_6821ab7c_like ON public.auth_user (username varchar_pattern_ops);

CREATE TABLE public.auth_user_groups (
    id serial CONSTRAINT auth_user_groups_pkey PRIMARY KEY,
    user_id integer NOT NULL
        CONSTRAINT auth_user_groups_user_id_6a12ed8b_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    group_id integer NOT NULL
        CONSTRAINT auth_user_groups_group_id_97559544_fk_auth_group_id
        REFERENCES public.auth_group DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT auth_user_groups_user_id_group_id_94350c0c_uniq UNIQUE (user_id, group_id)
);
CREATE INDEX auth_user_groups_group_id_97559544 ON public.auth_user_groups (group_id);
CREATE INDEX auth_user_groups_user_id_6a12ed8b ON public.auth_user_groups (user_id);

CREATE TABLE public.auth_user_user_permissions (
    id serial CONSTRAINT auth_user_user_permissions_pkey PRIMARY KEY,
    user_id integer NOT NULL
        CONSTRAINT auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED,
    permission_id integer NOT NULL
        CONSTRAINT auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm
        REFERENCES public.auth_permission DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT auth_user_user_permissions_user_id_permission_id_14a6b632_uniq UNIQUE (user_id, permission_id)
);
CREATE INDEX auth_user_user_permissions_permission_id_1fbb5f2c
    ON public.auth_user_user_permissions (permission_id);
CREATE INDEX auth_user_user_permissions_user_id_a95ead1b
    ON public.auth_user_user_permissions (user_id);

CREATE TABLE public.authtoken_token (
    key varchar(40) CONSTRAINT authtoken_token_pkey PRIMARY KEY,
    created timestamptz NOT NULL,
    user_id integer NOT NULL CONSTRAINT authtoken_token_user_id_key UNIQUE
        CONSTRAINT authtoken_token_user_id_35299eff_fk_auth_user_id
        REFERENCES public.auth_user DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX authtoken_token_key_10f0b77e_like ON public.authtoken_token (key varchar_pattern_ops);
