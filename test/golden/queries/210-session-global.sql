-- Sessions of all rows.
-- input readings = readings(seed 210, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(humidity) AS humid, MIN(status) AS least FROM TABLE(SESSION(TABLE readings, DESCRIPTOR(rt), INTERVAL '4' SECOND)) GROUP BY window_start, window_end, window_time;
