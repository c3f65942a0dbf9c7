"""The first tables."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE catalog (
    id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (id)
)""",
    """CREATE TABLE "conflict" (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    sop_instance_uid TEXT NOT NULL,
    against_study TEXT NOT NULL,
    patient_name TEXT,
    patient_id TEXT,
    sha256 BLOB NOT NULL,
    path BLOB,
    added TEXT NOT NULL,
    PRIMARY KEY (id)
)""",
    """CREATE TABLE job (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    host TEXT NOT NULL,
    process INTEGER NOT NULL,
    process_started FLOAT NOT NULL,
    heartbeat TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (token)
)""",
    """CREATE TABLE patient (
    id INTEGER NOT NULL,
    identity TEXT NOT NULL,
    patient_id TEXT,
    issuer TEXT,
    name TEXT,
    birth_date TEXT,
    sex TEXT,
    PRIMARY KEY (id),
    UNIQUE (identity)
)""",
    """CREATE TABLE study (
    id INTEGER NOT NULL,
    study_uid TEXT NOT NULL,
    patient INTEGER NOT NULL,
    patient_name TEXT,
    patient_id TEXT,
    issuer TEXT,
    patient_birth_date TEXT,
    patient_sex TEXT,
    patient_age TEXT,
    study_date TEXT,
    study_time TEXT,
    accession_number TEXT,
    description TEXT,
    institution TEXT,
    referring_physician TEXT,
    modalities TEXT,
    body_parts TEXT,
    series INTEGER NOT NULL,
    instances INTEGER NOT NULL,
    status TEXT NOT NULL,
    tags TEXT,
    added TEXT NOT NULL,
    trashed TEXT,
    name_key TEXT,
    description_key TEXT,
    institution_key TEXT,
    PRIMARY KEY (id),
    UNIQUE (study_uid),
    FOREIGN KEY(patient) REFERENCES patient (id)
)""",
    """CREATE TABLE facet (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    study INTEGER NOT NULL,
    PRIMARY KEY (kind, value, study),
    FOREIGN KEY(study) REFERENCES study (id)
)
 WITHOUT ROWID""",
    """CREATE TABLE series (
    id INTEGER NOT NULL,
    study INTEGER NOT NULL,
    series_uid TEXT NOT NULL,
    modality TEXT,
    number INTEGER,
    description TEXT,
    body_part TEXT,
    laterality TEXT,
    protocol TEXT,
    manufacturer TEXT,
    frame_of_reference_uid TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(study) REFERENCES study (id)
)""",
    """CREATE TABLE study_text (
    study INTEGER NOT NULL,
    name TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    accession TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (study),
    FOREIGN KEY(study) REFERENCES study (id)
)""",
    """CREATE TABLE instance (
    id INTEGER NOT NULL,
    series INTEGER NOT NULL,
    sop_instance_uid TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    path BLOB,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    number INTEGER,
    frames INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(series) REFERENCES series (id),
    UNIQUE (sop_instance_uid)
)""",
)

INDEXES = (
    'CREATE UNIQUE INDEX conflict_once ON "conflict" (kind, sop_instance_uid, sha256)',
    'CREATE INDEX ix_conflict_against_study ON "conflict" (against_study)',
    'CREATE INDEX ix_conflict_sha256 ON "conflict" (sha256)',
    'CREATE INDEX ix_conflict_sop_instance_uid ON "conflict" (sop_instance_uid)',
    'CREATE INDEX ix_conflict_study_uid ON "conflict" (study_uid)',
    "CREATE INDEX ix_study_patient ON study (patient)",
    "CREATE INDEX study_by_accession_number ON study (accession_number) "
    "WHERE trashed IS NULL",
    "CREATE INDEX study_by_added ON study (added) WHERE trashed IS NULL",
    "CREATE INDEX study_by_description ON study (description_key) WHERE "
    "trashed IS NULL",
    "CREATE INDEX study_by_instances ON study (instances) WHERE trashed IS NULL",
    "CREATE INDEX study_by_institution ON study (institution_key) WHERE "
    "trashed IS NULL",
    "CREATE INDEX study_by_modalities ON study (modalities) WHERE trashed IS NULL",
    "CREATE INDEX study_by_patient_birth_date ON study (patient_birth_date)"
    " WHERE trashed IS NULL",
    "CREATE INDEX study_by_patient_id ON study (patient_id) WHERE trashed IS NULL",
    "CREATE INDEX study_by_patient_name ON study (name_key) WHERE trashed IS NULL",
    "CREATE INDEX study_by_status ON study (status) WHERE trashed IS NULL",
    "CREATE INDEX study_by_study_date ON study (study_date, study_time) "
    "WHERE trashed IS NULL",
    "CREATE INDEX study_in_trash ON study (trashed) WHERE trashed IS NOT NULL",
    "CREATE INDEX ix_facet_study ON facet (study)",
    "CREATE UNIQUE INDEX series_of_study ON series (study, series_uid)",
    "CREATE INDEX ix_instance_series ON instance (series)",
    "CREATE INDEX ix_instance_sha256 ON instance (sha256)",
)

TEXT_INDEX = (
    "CREATE VIRTUAL TABLE study_trigrams USING fts5(name, patient_id, "
    "accession, other, content='', tokenize='trigram case_sensitive 1')",
    "CREATE VIRTUAL TABLE study_pairs USING fts5(name, patient_id, "
    "accession, other, content='', detail=column, prefix='1', "
    "tokenize='ascii tokenchars ''!\"#$%&''''()*+,-./:;<=>?@[\\]^_`{|}~''')",
)


def upgrade() -> None:
    """Create them, with the catalog's single row."""
    for statement in (*TABLES, *INDEXES, *TEXT_INDEX):
        op.get_bind().exec_driver_sql(statement)
    op.get_bind().exec_driver_sql("INSERT INTO catalog (id, revision) VALUES (1, 0)")
