-- Each row once a window.
-- input readings = readings(seed 213, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, rt, window_start, window_end, window_time FROM TABLE(HOP(TABLE readings, DESCRIPTOR(rt), INTERVAL '3' SECOND, INTERVAL '9' SECOND, INTERVAL '1' SECOND));
