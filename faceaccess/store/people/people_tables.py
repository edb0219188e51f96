"""The tables of a file of people, and the checks on each row, whoever wrote it."""

SOUND = {
    "texts": """typeof(language) = 'text' AND length(trim(language)) BETWEEN 1 AND 35
        AND typeof(text) = 'text' AND length(trim(text)) BETWEEN 1 AND 100000""",
    "people": """typeof(name) || typeof(department) || typeof(email) = 'texttexttext'
        AND max(length(name), length(department), length(email)) <= 1000
        AND (staff_number IS NULL OR typeof(staff_number) = 'text' AND length(staff_number) <= 1000)
        AND typeof(is_active) = 'integer' AND is_active IN (0, 1)
        AND (text IS NULL) = (given_on IS NULL) AND date(given_on) IS given_on
        AND date(expires_on) IS expires_on AND date(review_on) IS review_on
        AND (signature IS NULL OR typeof(signature) = 'blob' AND length(signature) <= 1000000)""",
    "photos": """typeof(sha256) = 'text' AND length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'
        AND typeof(quality) = 'real' AND abs(quality) < 1e9
        AND typeof(landmarks) || typeof(crop) || typeof(jpeg) = 'blobblobblob' AND length(landmarks) = 40
        AND length(crop) BETWEEN 1 AND 4000000 AND length(jpeg) BETWEEN 1 AND 4000000""",
    "embeddings": """typeof(model_id) = 'text' AND length(model_id) <= 200 AND typeof(embedding) = 'blob'
        AND length(embedding) BETWEEN 4 AND 65536 AND length(embedding) % 4 = 0""",
}
"""Conditions by table: constraints, and asked anew of a file that is read, since SQLite's own check leaves
constraints out where it may not write."""

TABLES = {
    "people_facts": "CREATE TABLE people_facts (facts TEXT NOT NULL) STRICT",
    "texts": f"""CREATE TABLE texts (
        number INTEGER PRIMARY KEY, language TEXT NOT NULL, text TEXT NOT NULL, CHECK ({SOUND["texts"]})
    ) STRICT""",
    "people": f"""CREATE TABLE people (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, staff_number TEXT, department TEXT NOT NULL,
        email TEXT NOT NULL, is_active INTEGER NOT NULL, text INTEGER REFERENCES texts, given_on TEXT,
        expires_on TEXT, review_on TEXT, signature BLOB, CHECK ({SOUND["people"]})
    ) STRICT""",
    "photos": f"""CREATE TABLE photos (
        photo INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people, sha256 TEXT NOT NULL,
        quality REAL NOT NULL, landmarks BLOB NOT NULL, crop BLOB NOT NULL, jpeg BLOB NOT NULL,
        CHECK ({SOUND["photos"]})
    ) STRICT""",
    "embeddings": f"""CREATE TABLE embeddings (
        photo INTEGER NOT NULL REFERENCES photos, model_id TEXT NOT NULL, embedding BLOB NOT NULL,
        PRIMARY KEY (photo, model_id), CHECK ({SOUND["embeddings"]})
    ) STRICT, WITHOUT ROWID""",
    "photos_by_person": "CREATE INDEX photos_by_person ON photos (person)",
}
