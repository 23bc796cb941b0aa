-- Rows of sessions, when these end.
-- input readings = readings(seed 215, rows 150)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, device, status, window_start, window_end, window_time FROM TABLE(SESSION(TABLE readings PARTITION BY device, DESCRIPTOR(rt), INTERVAL '3' SECOND));
