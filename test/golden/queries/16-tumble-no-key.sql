-- Windows without a key; the empty ones give no row.
-- input readings = readings(seed 15, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, window_end, COUNT(*) AS n, SUM(humidity) AS total, MAX(`at`) AS newest, MIN(rt) AS oldest FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '5' SECOND)) GROUP BY window_start, window_end;
