-- A data folder as FaceAccess 0.1.0 of November 2026 left it, after its 33 steps of the schema.
-- The key that signed its journal: 8d66fbda724b64b53921a16bac5140852fc700e8d0b3f176568ca121ce31bf6e
CREATE TABLE people (
            person_id TEXT PRIMARY KEY CHECK (length(person_id) = 32),
            name TEXT NOT NULL CHECK (length(name) > 0),
            staff_number TEXT UNIQUE COLLATE NOCASE,
            department TEXT NOT NULL DEFAULT '',
            is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
            created_at TEXT NOT NULL,
            name_key TEXT NOT NULL,
            search_key TEXT NOT NULL
        , hidden_at TEXT, merged_into TEXT REFERENCES people ON DELETE CASCADE, owner_id TEXT AS (coalesce(merged_into, person_id)), email TEXT NOT NULL DEFAULT '', number_key TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE photos (
            photo_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            sha256 TEXT NOT NULL,
            quality REAL NOT NULL,
            created_at TEXT NOT NULL,
            landmarks BLOB NOT NULL,
            crop BLOB NOT NULL,
            jpeg BLOB NOT NULL, digest BLOB, hidden_at TEXT,
            UNIQUE (person_id, sha256),
            UNIQUE (photo_id, person_id)
        ) STRICT;
CREATE TABLE templates (
            template_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL,
            photo_id INTEGER NOT NULL,
            model_id TEXT NOT NULL,
            quality REAL NOT NULL,
            created_at TEXT NOT NULL,
            embedding BLOB NOT NULL,
            FOREIGN KEY (photo_id, person_id) REFERENCES photos (photo_id, person_id) ON DELETE CASCADE
        ) STRICT;
CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            at_utc TEXT NOT NULL AS (json_extract(canonical, '$.at')) STORED,
            kind TEXT NOT NULL AS (json_extract(canonical, '$.kind')) STORED,
            person_id TEXT AS (json_extract(canonical, '$.person_id')) STORED,
            outcome TEXT AS (json_extract(canonical, '$.details.outcome')) STORED,
            reason TEXT AS (json_extract(canonical, '$.details.reason')) STORED,
            camera TEXT AS (json_extract(canonical, '$.details.camera')) STORED,
            runner_up_id TEXT AS (json_extract(canonical, '$.details.runner_up_id')) STORED,
            distance REAL AS (json_extract(canonical, '$.details.distance')) STORED,
            model_id TEXT AS (json_extract(canonical, '$.details.model_id')) STORED,
            is_recording INTEGER AS (json_extract(canonical, '$.details.is_recording')) STORED,
            previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            canonical TEXT NOT NULL
        , door TEXT AS (json_extract(canonical, '$.details.door')), method TEXT AS (json_extract(canonical, '$.details.method'))) STRICT;
CREATE TABLE crops (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            salt BLOB NOT NULL,
            jpeg BLOB NOT NULL
        , landmarks BLOB, shows TEXT REFERENCES people ON DELETE CASCADE) STRICT;
CREATE TABLE policies (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
            channel_id TEXT NOT NULL,
            seq INTEGER NOT NULL REFERENCES journal,
            attempts INTEGER NOT NULL,
            due_at TEXT NOT NULL,
            PRIMARY KEY (channel_id, seq)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE pins (
            person_id TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE,
            hash TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
CREATE TABLE group_members (
            group_id TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            PRIMARY KEY (group_id, person_id)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE journal_head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            signature BLOB NOT NULL CHECK (length(signature) = 64)
        ) STRICT;
CREATE TABLE operators (
            name_key TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            hash TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
CREATE TABLE journal_start (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
CREATE TABLE notes (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            salt BLOB NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
CREATE TABLE schedules (
            schedule_id TEXT PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) > 0),
            rules TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
CREATE TABLE assignments (
            assignment_id INTEGER PRIMARY KEY AUTOINCREMENT,
            schedule_id TEXT NOT NULL REFERENCES schedules,
            person_id TEXT REFERENCES people ON DELETE CASCADE,
            department TEXT,
            first_day TEXT NOT NULL,
            last_day TEXT,
            CHECK (person_id IS NULL OR department IS NULL),
            CHECK (last_day IS NULL OR last_day >= first_day)
        ) STRICT;
CREATE TABLE absences (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            kind TEXT NOT NULL,
            part TEXT NOT NULL,
            first_day TEXT NOT NULL,
            last_day TEXT NOT NULL CHECK (last_day >= first_day),
            removed_by INTEGER REFERENCES journal
        ) STRICT;
CREATE TABLE consent_texts (
            version INTEGER PRIMARY KEY AUTOINCREMENT,
            language TEXT NOT NULL CHECK (length(language) > 0),
            text TEXT NOT NULL CHECK (length(text) > 0),
            created_at TEXT NOT NULL
        , is_imported INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE consents (
            consent_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            version INTEGER NOT NULL REFERENCES consent_texts,
            given_on TEXT NOT NULL,
            expires_on TEXT,
            review_on TEXT,
            recorded_at TEXT NOT NULL,
            recorded_by TEXT NOT NULL,
            signature BLOB,
            withdrawn_at TEXT
        ) STRICT;
CREATE TABLE look_alikes (
            first_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            second_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            marked_at TEXT NOT NULL,
            PRIMARY KEY (first_id, second_id),
            CHECK (first_id < second_id)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE visitor_faces (
            seq INTEGER PRIMARY KEY REFERENCES crops ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            embedding BLOB NOT NULL,
            kept_at TEXT NOT NULL,
            joined INTEGER,
            ignored TEXT
        ) STRICT;
CREATE TABLE findings_kept (
            kind TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            about TEXT NOT NULL,
            PRIMARY KEY (kind, person_id, about)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE shadow_decisions (
            seq INTEGER PRIMARY KEY REFERENCES crops ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            outcome TEXT NOT NULL,
            person_id TEXT REFERENCES people ON DELETE CASCADE,
            distance REAL,
            is_by_picture INTEGER NOT NULL CHECK (is_by_picture IN (0, 1))
        ) STRICT;
CREATE TABLE refused_doubles (
            sha256 TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            refused_at TEXT NOT NULL,
            PRIMARY KEY (sha256, person_id)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE failures (
            key TEXT NOT NULL,
            place TEXT NOT NULL,
            failures INTEGER NOT NULL,
            blocked_until TEXT,
            boot TEXT,
            blocked_until_s REAL,
            PRIMARY KEY (key, place)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE seals (
            subject TEXT PRIMARY KEY,
            salt BLOB NOT NULL CHECK (length(salt) = 16),
            seq INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
INSERT INTO people (person_id, name, staff_number, department, is_active, created_at, name_key, search_key, hidden_at, merged_into, email, number_key) VALUES ('44f80e0a17c359c7c40e22c4a1252472', 'Ben', NULL, '', 1, '2026-11-30T01:53:42.315057+00:00', 'ben', 'ben


', NULL, '76337b2b0af2be0ae5ded9f7b49685e7', '', NULL);
INSERT INTO people (person_id, name, staff_number, department, is_active, created_at, name_key, search_key, hidden_at, merged_into, email, number_key) VALUES ('76337b2b0af2be0ae5ded9f7b49685e7', 'Ada Byron', 'É1', 'Lab', 1, '2026-11-30T01:53:42.283709+00:00', 'ada byron', 'ada byron
é1
lab
ada@a.example', NULL, NULL, 'ada@a.example', 'é1');
INSERT INTO photos (photo_id, person_id, sha256, quality, created_at, landmarks, crop, jpeg, digest, hidden_at) VALUES (1, '76337b2b0af2be0ae5ded9f7b49685e7', '0000000000000000000000000000000000000000000000000000000000000001', 21.0, '2026-11-30T01:53:42.352425+00:00', x'000000000000803f0000004000004040000080400000a0400000c0400000e0400000004100001041', x'63726f702d31', x'70686f746f2d31', x'81ead878fc4114a126ec2ef986b0cd7b3ee91ae3db2655c89be3e42e6b967000', NULL);
INSERT INTO templates (template_id, person_id, photo_id, model_id, quality, created_at, embedding) VALUES (1, '76337b2b0af2be0ae5ded9f7b49685e7', 1, 'dlib-128', 21.0, '2026-11-30T01:53:42.352425+00:00', x'da625b3e7565023f35c5513edfd14ebf');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (1, x'0000000000000000000000000000000000000000000000000000000000000000', x'94e90e11590f473e498342103f760df1cb4984c5857aa14fa12d3e50ce9ad75d', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.300002+00:00","details":{"digests":{"person:76337b2b0af2be0ae5ded9f7b49685e7":"1c4e42f616af048340279403f460671421fd37b712180825f7976f4f85a7141a"},"schema":33},"kind":"records_sealed","monotonic_s":37345.4,"person_id":null,"role":"system","seq":1,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (2, x'94e90e11590f473e498342103f760df1cb4984c5857aa14fa12d3e50ce9ad75d', x'4380fe41354d2143762e9159484716e79fda1ebf8df22c15178e5df6d48fa5ee', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.322093+00:00","details":{"digests":{"person:44f80e0a17c359c7c40e22c4a1252472":"ee6e9feb28b340b33a3f6b2a502c4d2991e7cda46c2075b14d4dc41a2f5b5867"},"schema":33},"kind":"records_sealed","monotonic_s":37345.422,"person_id":null,"role":"system","seq":2,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (3, x'4380fe41354d2143762e9159484716e79fda1ebf8df22c15178e5df6d48fa5ee', x'2a9902a55e77a6e296b3495eaae9842d0aa5c8cbbd1c61a49e197a120fadc3f3', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.360386+00:00","details":{"digests":{"person:76337b2b0af2be0ae5ded9f7b49685e7":"6393d7fa2a6669a155aa3f9f5d51f3baa406c988f7b559a1593339a9d947ed6a"},"schema":33},"kind":"records_sealed","monotonic_s":37345.46,"person_id":null,"role":"system","seq":3,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (4, x'2a9902a55e77a6e296b3495eaae9842d0aa5c8cbbd1c61a49e197a120fadc3f3', x'ce7be1683b5d1b0cade21077f3fe4cef65c1826121fbeb43fe6098090228b9d7', '{"actor":"olga","at":"2026-11-30T01:53:42.384048+00:00","details":{"after":{"cool_down_s":5.0},"before":{},"policy":"door"},"kind":"policy_changed","monotonic_s":37345.484,"person_id":null,"role":"open","seq":4,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (5, x'ce7be1683b5d1b0cade21077f3fe4cef65c1826121fbeb43fe6098090228b9d7', x'8d44456920d1feddcacc05ed21122ffdea677eac2f57900e3b312e0c723df08a', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.390401+00:00","details":{"digests":{"policy:door":"5e164ec58c2458a3dd3a6b2fc0a8c98029a2e4cbd0a5c9bb52b231e936e881a6"},"schema":33},"kind":"records_sealed","monotonic_s":37345.49,"person_id":null,"role":"system","seq":5,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (6, x'8d44456920d1feddcacc05ed21122ffdea677eac2f57900e3b312e0c723df08a', x'b25f6fc01448ea8163e8d02ecdbdb2485bac4eb5c51d24b8fe75f9ef52c43e6d', '{"actor":"olga","at":"2026-11-30T01:53:42.411675+00:00","details":{"after":{"cameras":[{"door":"North","name":"Gate"}]},"before":{},"policy":"cameras"},"kind":"policy_changed","monotonic_s":37345.511,"person_id":null,"role":"open","seq":6,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (7, x'b25f6fc01448ea8163e8d02ecdbdb2485bac4eb5c51d24b8fe75f9ef52c43e6d', x'e4a6143b5bb5d1fc61727d6c3568606a2a1a68752dd0c336f3601a1874961cf4', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.418379+00:00","details":{"digests":{"policy:cameras":"33f6945cb87819bfead5310e625693f53c9ae914fa6773853dc52b47c5a54b0b"},"schema":33},"kind":"records_sealed","monotonic_s":37345.518,"person_id":null,"role":"system","seq":7,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (8, x'e4a6143b5bb5d1fc61727d6c3568606a2a1a68752dd0c336f3601a1874961cf4', x'b6f5073d671b51088759bf89339b778ec5ad9c00c2a5e50b035713a851953594', '{"actor":"door","at":"2026-03-04T12:00:00.000000+00:00","details":{"camera":"Gate","corrects":null,"crop_sha256":"ad5d847458850e0af14321d68a0fcf01a55efe91f7d823f022292cafadf8b579","device":"CPU","direction":"both","distance":0.12345678,"door":"North","entered_at":null,"evidence":null,"frame":0,"is_recording":false,"margin":0.05,"method":"face","model_id":"dlib-128","nearest_id":null,"note_sha256":"f65e4db4bf61a619eab01e01373c4d1abf418abbbba823d1fbd87f883392713c","outcome":"accepted","quality":21.5,"reason":"match","runner_up_distance":null,"runner_up_id":null,"threshold":0.3,"time_s":0.0,"track_id":0},"kind":"entry","monotonic_s":37345.53,"person_id":"76337b2b0af2be0ae5ded9f7b49685e7","role":"door","seq":8,"zone":"UTC+01:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (9, x'b6f5073d671b51088759bf89339b778ec5ad9c00c2a5e50b035713a851953594', x'442980bfe4b058f7958a91699538e882420a7dc0158cd4d75ceee57ef6ba56c9', '{"actor":"door","at":"2026-03-04T12:01:00.000000+00:00","details":{"camera":"Door","corrects":null,"crop_sha256":"b952af594518a6ec314c65ce5cbbd4b91f8ec67f6d61907a51e888e9522408ed","device":"CPU","direction":"both","distance":0.12345678,"door":"","entered_at":null,"evidence":null,"frame":0,"is_recording":false,"margin":0.05,"method":"face","model_id":"dlib-128","nearest_id":null,"outcome":"unknown","quality":21.5,"reason":"no_match","runner_up_distance":null,"runner_up_id":null,"threshold":0.3,"time_s":0.0,"track_id":0},"kind":"entry","monotonic_s":37345.543,"person_id":null,"role":"door","seq":9,"zone":"UTC+01:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (10, x'442980bfe4b058f7958a91699538e882420a7dc0158cd4d75ceee57ef6ba56c9', x'0063fb3c92961a3702d90609c29b6c40e11b974c1d16edae4668dd45766f21db', '{"actor":"olga","at":"2026-11-30T01:53:42.466596+00:00","details":{"entry":9,"note_sha256":"6b58d84bb64e8eed62b8b342836de575a21d039283692dc6118448f1f79eb8ae"},"kind":"entry_voided","monotonic_s":37345.566,"person_id":null,"role":"open","seq":10,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (11, x'0063fb3c92961a3702d90609c29b6c40e11b974c1d16edae4668dd45766f21db', x'fb3fb7042833810a111f3c11377424189203d0087d04190ac9b58fc654b022ab', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.487075+00:00","details":{"digests":{"schedule:s1":"fd4aa80a0a7a4bd6eebf7f8ebfe618c92e87092d9c31f12d2cd8bc5fdf0afa91"},"schema":33},"kind":"records_sealed","monotonic_s":37345.587,"person_id":null,"role":"system","seq":11,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (12, x'fb3fb7042833810a111f3c11377424189203d0087d04190ac9b58fc654b022ab', x'26f246086f5da6d7903cae23b52e03930f122e3e8e7908c4cc0e23c5cf80e381', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.512146+00:00","details":{"digests":{"operator:olga":"1a9ce85f79816ef88acc0b968c4def721b7dbffda566e3db9a9f89550994fa50","person:44f80e0a17c359c7c40e22c4a1252472":"af01bf5e9eca9540a03ccefcbd58d32c43f9443c8e9db1b69ef9e6e648a2d458","person:76337b2b0af2be0ae5ded9f7b49685e7":"be786af114354f55f3593f382d95ffc42bc721046c16d62d3854a164c23bdbd2","schedule:s1":"e9e0d5d8fe475086995c7ddc3f5991579a76550b387a67245a3f101fdec23a21"},"schema":33},"kind":"records_sealed","monotonic_s":37345.612,"person_id":null,"role":"system","seq":12,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (13, x'26f246086f5da6d7903cae23b52e03930f122e3e8e7908c4cc0e23c5cf80e381', x'8aa1049c54513bfacf84e242909cacd3f91457e3408327b4d70fa87c85c85be9', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.541492+00:00","details":{"digests":{"person:76337b2b0af2be0ae5ded9f7b49685e7":"71b345f4c6de3a449775a1b7b8c8fb760b904dc33850e47ae952b3bf6f2c81d2"},"schema":33},"kind":"records_sealed","monotonic_s":37345.641,"person_id":null,"role":"system","seq":13,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (14, x'8aa1049c54513bfacf84e242909cacd3f91457e3408327b4d70fa87c85c85be9', x'94515c080165d89d3487b948c2e8f23f905b29cae8590c65213e000714811813', '{"actor":"faceaccess","at":"2026-11-30T01:53:42.569650+00:00","details":{"digests":{"person:76337b2b0af2be0ae5ded9f7b49685e7":"1e12e98b4265c069d66b2ad7cc57ba88de45236008ae1aac549be0ea82934ac2"},"schema":33},"kind":"records_sealed","monotonic_s":37345.669,"person_id":null,"role":"system","seq":14,"zone":"UTC+00:00"}');
INSERT INTO journal (seq, previous_hash, hash, canonical) VALUES (15, x'94515c080165d89d3487b948c2e8f23f905b29cae8590c65213e000714811813', x'4cf814afba57a2be52d7a9fe1d70389edc0777743e4a3d9c1956afa7190455ef', '{"actor":"olga","at":"2026-11-30T01:53:42.582706+00:00","details":{"rows":1},"kind":"exported","monotonic_s":37345.682,"person_id":"76337b2b0af2be0ae5ded9f7b49685e7","role":"open","seq":15,"zone":"UTC+00:00"}');
INSERT INTO crops (seq, salt, jpeg, landmarks, shows) VALUES (8, x'3ca4f56e9d85c0c3467819489605d2e8', x'66616365206f6620416461', x'000000000000803f0000004000004040000080400000a0400000c0400000e0400000004100001041', NULL);
INSERT INTO crops (seq, salt, jpeg, landmarks, shows) VALUES (9, x'058b22290e6d3d8d2569aecf3d1dc585', x'6120737472616e676572', NULL, NULL);
INSERT INTO policies (key, value) VALUES ('cameras', '{"cameras": [{"door": "North", "name": "Gate"}]}');
INSERT INTO policies (key, value) VALUES ('door', '{"cool_down_s": 5.0}');
INSERT INTO pins (person_id, hash) VALUES ('76337b2b0af2be0ae5ded9f7b49685e7', 'hash');
INSERT INTO group_members (group_id, person_id) VALUES ('g1', '76337b2b0af2be0ae5ded9f7b49685e7');
INSERT INTO journal_head (id, seq, hash, signature) VALUES (1, 15, x'4cf814afba57a2be52d7a9fe1d70389edc0777743e4a3d9c1956afa7190455ef', x'22b497641cba7d7bab27f2195b2427c5a07a37d7aa5d042307f1c9d6ebb9dee93b756de6f61309989d0ed4045f98e691945b199ce22a7b751af759439d2dd803');
INSERT INTO operators (name_key, name, role, hash, created_at) VALUES ('olga', 'Olga', 'auditor', 'hash', '2026-03-04T12:00:00.000000+00:00');
INSERT INTO journal_start (id, seq, hash) VALUES (1, 0, x'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO notes (seq, salt, text) VALUES (8, x'3ca4f56e9d85c0c3467819489605d2e8', 'she lent her badge');
INSERT INTO notes (seq, salt, text) VALUES (10, x'37ef8297dc2c430f4a226b9d56d9d89d', 'nobody');
INSERT INTO schedules (schedule_id, name, rules) VALUES ('s1', 'Office', '{"counts_early": true, "first_week": null, "grace_in_minutes": 5, "grace_out_minutes": 5, "overtime_after_minutes": 15, "pairing": "first_last", "shifts": [{"break_after_minutes": 300, "break_minutes": 30, "end": "16:00", "flexible_minutes": null, "later": [], "start": "08:00"}, null, null, null, null, null, null], "works_on_holidays": false}');
INSERT INTO assignments (assignment_id, schedule_id, person_id, department, first_day, last_day) VALUES (1, 's1', '76337b2b0af2be0ae5ded9f7b49685e7', NULL, '2026-01-01', NULL);
INSERT INTO consent_texts (version, language, text, created_at, is_imported) VALUES (1, 'en', 'I agree that my employer recognises my face in order to record my attendance and to let me in.

What is kept: the photos taken today, the numbers that the program computes from them to compare faces, and a picture of my face with each of my entries. All of it stays, encrypted, on the computer of my employer; none of it is passed on.

It is my free choice. If I don''t agree, I use a PIN instead and have no disadvantage. I may withdraw my consent at any time: the photos, the numbers and the pictures are then deleted at once, while my hours of work remain. I may see everything that is held on me.', '2026-11-30T01:53:42.181518+00:00', 0);
INSERT INTO consent_texts (version, language, text, created_at, is_imported) VALUES (2, 'de', 'Ich bin damit einverstanden, dass mein Arbeitgeber mein Gesicht erkennt, um meine Anwesenheit zu erfassen und mir Zutritt zu geben.

Gespeichert werden: die heute aufgenommenen Fotos, die Zahlen, die das Programm daraus zum Vergleichen von Gesichtern berechnet, und zu jedem meiner Einträge ein Bild meines Gesichts. All das bleibt verschlüsselt auf dem Rechner meines Arbeitgebers; nichts davon wird weitergegeben.

Meine Einwilligung ist freiwillig. Willige ich nicht ein, benutze ich stattdessen eine PIN und habe dadurch keinen Nachteil. Ich kann die Einwilligung jederzeit widerrufen: Fotos, Zahlen und Bilder werden dann sofort gelöscht, meine Arbeitszeiten bleiben erhalten. Ich kann alles einsehen, was über mich gespeichert ist.', '2026-11-30T01:53:42.181518+00:00', 0);
INSERT INTO consents (consent_id, person_id, version, given_on, expires_on, review_on, recorded_at, recorded_by, signature, withdrawn_at) VALUES (1, '76337b2b0af2be0ae5ded9f7b49685e7', 1, '2026-01-02', NULL, NULL, '2026-11-30T01:53:42.560654+00:00', 'olga', NULL, NULL);
INSERT INTO seals (subject, salt, seq) VALUES ('operator:olga', x'1351bd8982b8f9b064a9a83e0b0832b8', 12);
INSERT INTO seals (subject, salt, seq) VALUES ('person:44f80e0a17c359c7c40e22c4a1252472', x'769a4604319615babe14f5e3d9040ec0', 12);
INSERT INTO seals (subject, salt, seq) VALUES ('person:76337b2b0af2be0ae5ded9f7b49685e7', x'af0228f29d1169bef5838a7e441801e0', 14);
INSERT INTO seals (subject, salt, seq) VALUES ('policy:cameras', x'095ec9e33d46835e104241a08ce98512', 7);
INSERT INTO seals (subject, salt, seq) VALUES ('policy:door', x'2720e07ce6554a10d9dcbbd7c7308377', 5);
INSERT INTO seals (subject, salt, seq) VALUES ('schedule:s1', x'df117ada0607633c1831ab099ae5b025', 12);
CREATE INDEX people_by_name ON people (name_key);
CREATE INDEX templates_by_photo ON templates (photo_id, person_id);
CREATE INDEX templates_by_person ON templates (person_id, model_id);
CREATE INDEX templates_by_model ON templates (model_id);
CREATE INDEX journal_by_kind ON journal (kind);
CREATE INDEX journal_by_time ON journal (at_utc);
CREATE INDEX journal_by_person ON journal (person_id, outcome, at_utc);
CREATE INDEX journal_by_outcome ON journal (outcome);
CREATE INDEX journal_by_camera ON journal (camera);
CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE INDEX outbox_by_seq ON outbox (seq);
CREATE INDEX group_members_by_person ON group_members (person_id);
CREATE INDEX journal_voids ON journal (json_extract(canonical, '$.details.entry')) WHERE kind = 'entry_voided';
CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
        WHEN old.seq > (SELECT seq FROM journal_start)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE INDEX assignments_by_person ON assignments (person_id);
CREATE INDEX assignments_by_schedule ON assignments (schedule_id);
CREATE INDEX absences_by_person ON absences (person_id, first_day);
CREATE INDEX absences_by_day ON absences (first_day);
CREATE INDEX journal_by_door ON journal (door);
CREATE INDEX journal_by_method ON journal (method);
CREATE INDEX journal_by_reason ON journal (reason, outcome);
CREATE INDEX journal_by_outcome_and_distance ON journal (outcome, coalesce(distance, 9.0)) WHERE kind = 'entry';
CREATE INDEX journal_by_person_and_distance ON journal (person_id, coalesce(distance, 9.0)) WHERE kind = 'entry';
CREATE INDEX journal_by_distance ON journal (coalesce(distance, 9.0));
CREATE INDEX journal_of_person ON journal (person_id);
CREATE INDEX journal_counts ON journal (at_utc, outcome, reason, camera, door, person_id, model_id, distance, is_recording, kind);
CREATE TRIGGER consent_texts_refuse_update BEFORE UPDATE ON consent_texts
            BEGIN SELECT RAISE(ABORT, 'people agreed to this text'); END;
CREATE TRIGGER consent_texts_refuse_delete BEFORE DELETE ON consent_texts
            BEGIN SELECT RAISE(ABORT, 'people agreed to this text'); END;
CREATE INDEX consents_by_person ON consents (person_id);
CREATE INDEX look_alikes_by_second ON look_alikes (second_id);
CREATE INDEX crops_by_whom_they_show ON crops (shows) WHERE shows IS NOT NULL;
CREATE INDEX people_by_owner ON people (owner_id);
CREATE INDEX people_by_merging ON people (merged_into);
CREATE INDEX shadow_decisions_by_person ON shadow_decisions (person_id);
CREATE INDEX refused_doubles_by_person ON refused_doubles (person_id);
CREATE UNIQUE INDEX people_by_number ON people (number_key);
CREATE INDEX seals_by_row ON seals (seq);
PRAGMA user_version = 33;
