-- Times before 1970 and windows across it.
-- input readings = history(seed 30, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, window_end, window_time, COUNT(*) AS n, MIN(`at`) AS a, MAX(rt) AS b FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time;
