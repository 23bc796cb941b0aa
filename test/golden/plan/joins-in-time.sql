CREATE TABLE a (k STRING, g STRING NOT NULL, i INT, n INT NOT NULL, v DOUBLE, ok BOOLEAN, ts BIGINT,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'a');
CREATE TABLE b WITH ('path' = 'b') LIKE a;
CREATE TABLE rates (k STRING, rate DOUBLE, since TIMESTAMP(3), note STRING, WATERMARK FOR since AS since, PRIMARY KEY (k) NOT ENFORCED)
WITH ('connector' = 'filesystem', 'path' = 'rates');
SELECT a.n, b.v, a.rt FROM a JOIN b ON a.k = b.k AND a.rt BETWEEN b.rt - INTERVAL '5' SECOND AND b.rt + INTERVAL '1' MINUTE AND a.n <> b.n;
SELECT a.n, b.v FROM a LEFT JOIN b ON a.k = b.k AND a.rt - INTERVAL '5' SECOND < b.rt AND a.rt >= b.rt;
SELECT a.n, r.rate FROM a JOIN rates FOR SYSTEM_TIME AS OF a.rt AS r ON a.k = r.k;
CREATE VIEW latest AS SELECT k, v, rt FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY rt DESC) AS rn FROM b) WHERE rn = 1;
SELECT a.n, l.v FROM a LEFT JOIN latest FOR SYSTEM_TIME AS OF a.rt AS l ON a.k = l.k;
CREATE VIEW wa AS SELECT k, n, window_start, window_end FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE));
CREATE VIEW wb AS SELECT k, v, window_start, window_end FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(rt), INTERVAL '1' MINUTE));
SELECT wa.window_start, n, v FROM wa FULL JOIN wb ON wa.k = wb.k AND wa.window_start = wb.window_start AND wa.window_end = wb.window_end;
SELECT n FROM wa WHERE EXISTS (SELECT * FROM wb WHERE wa.k = wb.k AND wa.window_start = wb.window_start AND wa.window_end = wb.window_end);
