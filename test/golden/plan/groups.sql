CREATE TABLE a (k STRING, g STRING NOT NULL, i INT, n INT NOT NULL, v DOUBLE, ok BOOLEAN, ts BIGINT,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'a');
CREATE TABLE b WITH ('path' = 'b') LIKE a;
CREATE TABLE rates (k STRING, rate DOUBLE, since TIMESTAMP(3), note STRING, WATERMARK FOR since AS since, PRIMARY KEY (k) NOT ENFORCED)
WITH ('connector' = 'filesystem', 'path' = 'rates');
SELECT k, COUNT(*) AS c, SUM(n) AS s FROM a WHERE ok GROUP BY k HAVING COUNT(*) > 1;
SELECT COUNT(*) AS c, MAX(n) AS m FROM a;
SELECT DISTINCT k, g FROM a;
SELECT c, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS c FROM a GROUP BY k) GROUP BY c;
SELECT COUNT(DISTINCT i) FILTER (WHERE ok) AS c, SUM(DISTINCT n) AS s FROM a;
SELECT k, g, GROUPING(k) AS no_k, GROUPING_ID(k, g) AS id, SUM(n) AS s FROM a GROUP BY ROLLUP (k, g);
SELECT g, window_start, MAX(g) AS m FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, GROUPING SETS ((g), ());
SELECT n, k, GROUPING(n) AS never, GROUPING(k) AS no_k, COUNT(*) AS c FROM a GROUP BY n, CUBE (k);
