SELECT device FROM tt;
---- unknown table of a star
SELECT x.* FROM t;
---- several tables
SELECT device FROM t, out;
---- a table that only writes
CREATE TABLE hole (x INT) WITH ('connector' = 'print'); SELECT x FROM hole;
---- clauses that follow
SELECT device FROM t ORDER BY i; SELECT device FROM t LIMIT 5; SELECT device FROM t UNION ALL SELECT device FROM t; SELECT DISTINCT device FROM t;
---- MATCH_RECOGNIZE
SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY device);
---- the old windows
SELECT device, COUNT(*) FROM t GROUP BY device, TUMBLE(rt, INTERVAL '1' MINUTE);
---- reading a sink
CREATE TABLE shown (device STRING) WITH ('connector' = 'print');
SELECT device FROM shown;
---- writing a source
INSERT INTO t SELECT device FROM t;
---- writing nothing that exists
INSERT INTO ouut SELECT device, b FROM t;
---- writing a view
CREATE VIEW v AS SELECT device FROM t; INSERT INTO v SELECT device FROM t;
---- too few columns
INSERT INTO out SELECT device FROM t;
---- columns of other types
INSERT INTO out SELECT i, d FROM t;
---- columns that are not there
INSERT INTO out (device, m) SELECT device, b FROM t;
---- two results into one file
CREATE TABLE files (device STRING) WITH ('connector' = 'filesystem', 'path' = 'a'); INSERT INTO files SELECT device FROM t; INSERT INTO files SELECT topic FROM t;
---- names for columns
CREATE VIEW v (a, b) AS SELECT device FROM t;
---- a view's problem is told once
CREATE VIEW v AS SELECT devcie FROM t; SELECT * FROM v; INSERT INTO out SELECT * FROM v;
---- a table that cannot be read hides no other problem and makes none
CREATE TABLE broken (a TEXT) WITH ('connector' = 'print'); INSERT INTO broken SELECT devcie FROM t;
---- NULL into NOT NULL (a warning)
CREATE TABLE strict (device STRING NOT NULL) WITH ('connector' = 'print'); INSERT INTO strict SELECT device FROM t;
