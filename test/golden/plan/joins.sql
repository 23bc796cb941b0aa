CREATE TABLE a (k STRING, g STRING NOT NULL, i INT, n INT NOT NULL, v DOUBLE, ok BOOLEAN, ts BIGINT,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'a');
CREATE TABLE b WITH ('path' = 'b') LIKE a;
CREATE TABLE rates (k STRING, rate DOUBLE, since TIMESTAMP(3), note STRING, WATERMARK FOR since AS since, PRIMARY KEY (k) NOT ENFORCED)
WITH ('connector' = 'filesystem', 'path' = 'rates');
SELECT a.n, b.v FROM a JOIN b ON a.k = b.k AND a.n < b.n WHERE b.ok AND a.i = 1;
SELECT a.n, b.v FROM a, b WHERE UPPER(a.k) = b.g;
SELECT a.n, b.v FROM a LEFT JOIN b ON a.k = b.k AND b.n > 3 WHERE a.ok;
-- WHERE drops the rows without a right side
SELECT a.n, b.v FROM a LEFT JOIN b ON a.k = b.k WHERE b.n > 3;
SELECT k, a.n, b.n FROM a FULL JOIN b USING (k);
SELECT a.n, r.rate FROM a, b, rates AS r WHERE a.k = b.k AND b.g = r.k AND r.rate > 1;
SELECT a.n, c.c FROM a JOIN (SELECT k, COUNT(*) AS c FROM b GROUP BY k) AS c ON a.k = c.k;
SELECT n FROM a WHERE k IN (SELECT k FROM b WHERE ok) AND n > 3;
SELECT n FROM a WHERE k NOT IN (SELECT k FROM b);
SELECT n FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND b.n > a.n);
