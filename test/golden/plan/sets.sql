CREATE TABLE a (k STRING, g STRING NOT NULL, i INT, n INT NOT NULL, v DOUBLE, ok BOOLEAN, ts BIGINT,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'a');
CREATE TABLE b WITH ('path' = 'b') LIKE a;
CREATE TABLE rates (k STRING, rate DOUBLE, since TIMESTAMP(3), note STRING, WATERMARK FOR since AS since, PRIMARY KEY (k) NOT ENFORCED)
WITH ('connector' = 'filesystem', 'path' = 'rates');
SELECT k, n FROM a UNION ALL SELECT g, v FROM b;
SELECT n FROM a UNION SELECT n FROM b;
SELECT k FROM a EXCEPT SELECT k FROM b;
SELECT x FROM (VALUES (1, 'a'), (2, 'bcd')) AS w(x, y) WHERE y <> 'a';
WITH q AS (SELECT k, n FROM a), w(x) AS (SELECT n FROM q WHERE k = 'x') SELECT x FROM w UNION ALL SELECT n FROM q ORDER BY x LIMIT 2;
SELECT 1 + 1 AS two;
