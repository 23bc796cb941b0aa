-- Sessions of two keys, NULL among them.
-- input readings = readings(seed 211, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, status, window_start, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE readings PARTITION BY (device, status), DESCRIPTOR(rt), INTERVAL '3' SECOND)) GROUP BY device, status, window_start, window_end;
