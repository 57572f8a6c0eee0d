/** The tables, step by step: step n brings version n to n + 1. A step that has been released is never changed. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE scan (
    id TEXT PRIMARY KEY,
    createdAt TEXT NOT NULL,
    updatedAt TEXT NOT NULL,
    state TEXT NOT NULL,
    classes TEXT NOT NULL,
    model TEXT NOT NULL,
    configuration TEXT NOT NULL,
    boxesOrigin TEXT NOT NULL,
    imagesTotal INTEGER NOT NULL,
    gridRows INTEGER NOT NULL,
    gridColumns INTEGER NOT NULL,
    interTextAttention BLOB NOT NULL,
    bundleThreshold TEXT NOT NULL,
    calibratedThreshold TEXT,
    calibrationScores BLOB,
    userThreshold REAL
  ) STRICT;

  CREATE TABLE image (
    scan TEXT NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modified REAL NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (scan, file)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE object (
    scan TEXT NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
    row INTEGER NOT NULL,
    id TEXT NOT NULL,
    decisionKey TEXT NOT NULL,
    file TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL,
    label TEXT,
    detectionScore REAL,
    score REAL NOT NULL,
    predictedClass INTEGER NOT NULL,
    mcm REAL NOT NULL, maxCosine REAL NOT NULL, glMcm REAL NOT NULL, runa REAL NOT NULL,
    cropX REAL NOT NULL, cropY REAL NOT NULL, cropWidth REAL NOT NULL, cropHeight REAL NOT NULL,
    classScores BLOB NOT NULL,
    betaIntra BLOB NOT NULL,
    muTarget BLOB NOT NULL,
    betaInter BLOB,
    muBackground BLOB,
    PRIMARY KEY (scan, row)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX objectById ON object (scan, id);
  CREATE INDEX objectByScore ON object (scan, score);
  CREATE INDEX objectByFile ON object (scan, file);

  CREATE TABLE unreadable (
    scan TEXT NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
    file TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (scan, file)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE inFlight (
    scan TEXT NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
    file TEXT NOT NULL,
    stops INTEGER NOT NULL,
    PRIMARY KEY (scan, file)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE decision (
    decisionKey TEXT PRIMARY KEY,
    verdict TEXT NOT NULL,
    class TEXT,
    at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE leftOut (
    scan TEXT NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
    image TEXT NOT NULL,
    file TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (scan, image, file, reason)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE inFlight ADD COLUMN isUnderWay INTEGER NOT NULL DEFAULT 1;
  `,
  `
  ALTER TABLE scan ADD COLUMN estimatedThreshold TEXT;
  `,
  `
  ALTER TABLE scan ADD COLUMN deviceFallback TEXT;
  `,
  `
  CREATE TABLE verdictStep (
    step INTEGER PRIMARY KEY,
    changes INTEGER NOT NULL,
    isUndone INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE verdictChange (
    step INTEGER NOT NULL REFERENCES verdictStep(step) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    decisionKey TEXT NOT NULL,
    verdictBefore TEXT, classBefore TEXT, atBefore TEXT,
    verdict TEXT, class TEXT, at TEXT,
    PRIMARY KEY (step, place)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX objectByDecisionKey ON object (scan, decisionKey);
  `,
  `
  ALTER TABLE scan ADD COLUMN thresholdPerClass INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE scan ADD COLUMN calibrationClasses TEXT;
  `,
  `
  ALTER TABLE scan ADD COLUMN settings TEXT;
  `,
  `
  ALTER TABLE scan ADD COLUMN annotations TEXT;
  `,
  // Objects are wide rows, so what is counted stands in the indexes, and what is listed is kept as it is told.
  `
  DROP INDEX objectByScore;
  CREATE INDEX objectByScore ON object (scan, score, predictedClass);
  DROP INDEX objectByDecisionKey;
  CREATE INDEX objectByDecisionKey ON object (scan, decisionKey, score, predictedClass);

  CREATE TABLE keptColumns (
    scan TEXT PRIMARY KEY REFERENCES scan(id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    columns TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Apart from the objects: they are read only to make groups of alike ones, which are then kept.
  `
  CREATE TABLE embedding (
    scan TEXT NOT NULL,
    row INTEGER NOT NULL,
    direction BLOB NOT NULL,
    PRIMARY KEY (scan, row),
    FOREIGN KEY (scan, row) REFERENCES object (scan, row) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE keptLikeness (
    scan TEXT PRIMARY KEY REFERENCES scan(id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    groups BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Null: begun before the rate could be chosen. A default of 0.95 is refused by SQLite 3.45 in a strict table that has rows.
  `
  ALTER TABLE scan ADD COLUMN truePositiveRate REAL;

  CREATE TABLE tunedPicture (
    scan TEXT NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (scan, sha256)
  ) STRICT, WITHOUT ROWID;
  `,
  // Who gave the step named it, so that it is not stored a second time; null: nobody did.
  `
  ALTER TABLE verdictStep ADD COLUMN id TEXT;
  `,
];
