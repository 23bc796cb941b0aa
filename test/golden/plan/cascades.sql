CREATE TABLE a (k STRING, g STRING NOT NULL, i INT, n INT NOT NULL, v DOUBLE, ok BOOLEAN, ts BIGINT,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'a');
CREATE TABLE b WITH ('path' = 'b') LIKE a;
CREATE TABLE rates (k STRING, rate DOUBLE, since TIMESTAMP(3), note STRING, WATERMARK FOR since AS since, PRIMARY KEY (k) NOT ENFORCED)
WITH ('connector' = 'filesystem', 'path' = 'rates');
CREATE VIEW minutes AS SELECT k, window_start AS s, window_end AS e, window_time AS t, COUNT(*) AS c
FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY k, window_start, window_end, window_time;
SELECT window_start, SUM(c) AS c FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(t), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;
-- the same windows once more: their columns say which
SELECT s, MAX(c) AS busiest FROM minutes WHERE c > 1 GROUP BY s, e;
SELECT k, window_start, n FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE)) WHERE window_start > TIMESTAMP '2024-01-01 00:00:00';
SELECT DISTINCT g, window_start, window_end FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE));
