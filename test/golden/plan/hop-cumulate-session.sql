CREATE TABLE a (k STRING, g STRING NOT NULL, i INT, n INT NOT NULL, v DOUBLE, ok BOOLEAN, ts BIGINT,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'a');
CREATE TABLE b WITH ('path' = 'b') LIKE a;
CREATE TABLE rates (k STRING, rate DOUBLE, since TIMESTAMP(3), note STRING, WATERMARK FOR since AS since, PRIMARY KEY (k) NOT ENFORCED)
WITH ('connector' = 'filesystem', 'path' = 'rates');
SELECT k, window_start, SUM(n) AS s FROM TABLE(HOP(TABLE a, DESCRIPTOR(rt), INTERVAL '7' SECOND, INTERVAL '1' MINUTE)) WHERE ok GROUP BY k, window_start, window_end;
SELECT window_end, COUNT(DISTINCT k) AS c FROM TABLE(CUMULATE(TABLE a, DESCRIPTOR(rt), INTERVAL '10' SECOND, INTERVAL '1' MINUTE, INTERVAL '5' SECOND)) GROUP BY window_start, window_end;
-- the keys of the session are the keys of the groups: one pane a session
SELECT g, k, window_start, COUNT(*) AS c FROM TABLE(SESSION(TABLE a PARTITION BY (k, g), DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY g, k, window_start, window_end;
SELECT window_start, COUNT(*) AS c FROM TABLE(SESSION(TABLE a, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
-- they are not: rows of sessions, grouped without end
SELECT window_start, COUNT(*) AS c FROM TABLE(SESSION(TABLE a PARTITION BY k, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
